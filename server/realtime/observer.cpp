#include "realtime/observer.hpp"

#include <utility>

#include "auth/observer_access.hpp"
#include "protocol/json_writer.hpp"
#include "realtime/login_event.hpp"
#include "realtime/token_watch.hpp"

namespace flowcast::realtime {

class observer::reader final : public status_reader {
 public:
  explicit reader(socket_connection& to) : to_(&to) {}
  void read_status(const std::string& json) override { to_->emit("\"status\"," + json); }

 private:
  socket_connection* to_;
};

class observer::login final : public token_watch::login {
 public:
  login(observer& of, auth::identity_ptr who)
      : token_watch::login(of.context_->tokens, std::move(who)), observer_(&of) {}

 private:
  void on_token_expiring() override {}
  void on_token_invalid() override {
    observer_->reader_.reset();
    observer_->connection_->disconnect();
    observer_->connection_->engine().end_when_drained(end_reason::not_authorized);
  }
  void on_rights_changed(auth::identity_ptr now) override {
    if (now->may.observe()) {
      become(std::move(now));
    } else {
      on_token_invalid();
    }
  }

  observer* observer_;
};

observer::observer(socket_connection& connection, client_context& context, status_board& board)
    : connection_(&connection), context_(&context), board_(&board) {}

observer::~observer() = default;

void observer::on_connect(protocol::json_value auth) {
  const socket_session& session = connection_->session();
  const bool trusted = session.may_look() == observing::allowed;
  std::optional<records::error> refused;
  auth::identity_ptr who;
  if (context_->auth.on() && !trusted) {
    auto known = who_connects(context_->auth, auth, session.authorization());
    if (known) {
      who = *std::move(known);
    } else {
      refused = known.error();
    }
  }
  if (!refused)
    refused = auth::refuse_observer(trusted, who, session.address());
  if (refused) {
    if (const auto reason = operations::rejection_of(*refused))
      context_->refused.add(*reason, session.address(), refused->message);
    std::string error = R"({"message":)";
    protocol::append_json_string(error, refused->message);
    connection_->refuse(error + R"(,"data":)" + records::to_json(*refused) + "}");
    return;
  }
  if (who)
    login_ = std::make_unique<login>(*this, std::move(who));
  std::string reply = R"({"sid":)";
  protocol::append_json_string(reply, connection_->engine().id().text());
  connection_->accept(reply + "}");
  reader_ = std::make_shared<reader>(*connection_);
  board_->attach(context_->engine.shard(), reader_);
}

void observer::on_disconnect(end_reason /*why*/) {
  reader_.reset();
  login_.reset();
}

}  // namespace flowcast::realtime
