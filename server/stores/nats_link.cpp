#include "stores/nats_link.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include <nats/nats.h>

#include "stores/nats_handle.hpp"
#include "stores/nats_message.hpp"
#include "stores/nats_peers.hpp"
#include "stores/nats_reader.hpp"
#include "stores/without_passwords.hpp"

namespace flowcast::stores {

namespace {

constexpr std::int64_t request_wait = 2000;  // milliseconds for an answer of the cluster
// … for that of a publish. The library frees its message then, also one that it is still sending:
// much longer than a connection can hold up the thread that sends.
constexpr std::int64_t publish_wait = 15'000;
constexpr std::int64_t write_wait = 2000;         // … for the server to take what is sent
constexpr std::int64_t reconnect_wait = 100;      // … between attempts
constexpr std::int64_t most_unanswered = 32'768;  // publishes, repeated ones as well
constexpr int wanted_replicas = 3;

// Codes of JetStream's errors that are not worth a repetition.
constexpr int too_large_code = 10'054;
constexpr std::array no_room_codes = {10'023, 10'047, 10'077, 10'122};

using options_ptr = nats_handle<natsOptions, natsOptions_Destroy>;
using connection_ptr = nats_handle<natsConnection, natsConnection_Destroy>;
using context_ptr = nats_handle<jsCtx, jsCtx_Destroy>;
using stream_info_ptr = nats_handle<jsStreamInfo, jsStreamInfo_Destroy>;

using answer_function = std::function<void(publish_answer)>;

// Who waits for answers. The library may call back after a connection was destroyed; it is given a
// number here, not an address.
class answer_registry {
 public:
  // Lives for ever: so may the library's threads.
  static answer_registry& instance() {
    static answer_registry& registry =
        *new answer_registry;  // NOLINT(cppcoreguidelines-owning-memory)
    return registry;
  }

  std::uintptr_t add(answer_function wanted) {
    const std::lock_guard lock(mutex_);
    waiting_.emplace(++last_, std::move(wanted));
    return last_;
  }
  void remove(std::uintptr_t number) {
    const std::lock_guard lock(mutex_);
    waiting_.erase(number);
  }
  void tell(std::uintptr_t number, publish_answer answer) {
    const std::lock_guard lock(mutex_);
    if (const auto found = waiting_.find(number); found != waiting_.end()) {
      found->second(std::move(answer));
    }
  }

 private:
  std::mutex mutex_;
  std::uintptr_t last_ = 0;
  std::map<std::uintptr_t, answer_function> waiting_;
};

publish_answer::outcome outcome_of(const jsPubAckErr& failure) {
  const auto code = static_cast<int>(failure.ErrCode);
  if (code == too_large_code || failure.Err == NATS_MAX_PAYLOAD) {
    return publish_answer::outcome::too_large;
  }
  const bool no_room =
      std::find(no_room_codes.begin(), no_room_codes.end(), code) != no_room_codes.end();
  return no_room ? publish_answer::outcome::no_room : publish_answer::outcome::retry;
}

void on_answer(jsCtx* /*context*/, natsMsg* message, jsPubAck* ack, jsPubAckErr* failure,
               void* closure) {
  const nats_message_handle answered(message);  // js_PublishMsgAsync gives it back with the answer
  publish_answer answer;
  answer.writer = writer_of(
      {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))});
  if (ack != nullptr) {
    answer.what =
        ack->Duplicate ? publish_answer::outcome::repeated : publish_answer::outcome::stored;
    answer.sequence = ack->Sequence;
  } else {
    answer.what = outcome_of(*failure);
    answer.text = failure->ErrText == nullptr ? natsStatus_GetText(failure->Err) : failure->ErrText;
  }
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the number that add() gave
  answer_registry::instance().tell(reinterpret_cast<std::uintptr_t>(closure), std::move(answer));
}

std::string subject_of(const nats_address& address) {
  return address.stream + ".log";
}

std::uint64_t epoch_of(const jsStreamInfo& info) {
  // The moment the stream was made, spread over all bits.
  auto mixed = static_cast<std::uint64_t>(info.Created);
  mixed = (mixed ^ mixed >> 30U) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ mixed >> 27U) * 0x94d049bb133111ebU;
  mixed ^= mixed >> 31U;
  return std::max<std::uint64_t>(mixed >> 1U, 1);
}

}  // namespace

class nats_link::link_state {
 public:
  nats_address address;
  std::string subject;
  std::uintptr_t registration = 0;
  options_ptr options;
  connection_ptr connection;
  context_ptr context;
  spent_subscriptions spent;

  void connect() {
    natsOptions* made = nullptr;
    require(natsOptions_Create(&made), "Cannot use the NATS client");
    options.reset(made);
    std::vector<const char*> servers;
    std::vector<std::string> urls;
    for (std::size_t at = 0; at <= address.urls.size();) {
      const std::size_t comma = std::min(address.urls.find(',', at), address.urls.size());
      urls.push_back(address.urls.substr(at, comma - at));
      at = comma + 1;
    }
    servers.reserve(urls.size());
    for (const std::string& url : urls) {
      servers.push_back(url.c_str());
    }
    require(natsOptions_SetServers(made, servers.data(), static_cast<int>(servers.size())),
            "The address of the NATS store is not right");
    natsOptions_SetName(made, "flowcast");
    natsOptions_SetSendAsap(made, true);
    natsOptions_SetMaxReconnect(made, -1);
    natsOptions_SetReconnectWait(made, reconnect_wait);
    natsOptions_SetPingInterval(made, 5000);
    // A server that stands still, or a network that swallows all, is one to leave: the rest of what
    // the library does waits for whoever is writing.
    natsOptions_SetWriteDeadline(made, write_wait);
    natsConnection* opened = nullptr;
    require(natsConnection_Connect(&opened, made), "Cannot reach NATS at " +
                                                       without_passwords(address.urls) +
                                                       ": start it, or correct the address");
    connection.reset(opened);

    jsOptions wanted = {};
    jsOptions_Init(&wanted);
    wanted.Wait = request_wait;
    wanted.PublishAsync.MaxPending = most_unanswered;
    wanted.PublishAsync.AckHandler = on_answer;
    // NOLINTNEXTLINE(performance-no-int-to-ptr,cppcoreguidelines-pro-type-reinterpret-cast)
    wanted.PublishAsync.AckHandlerClosure = reinterpret_cast<void*>(registration);
    jsCtx* made_context = nullptr;
    require(natsConnection_JetStream(&made_context, opened, &wanted), "Cannot use JetStream");
    context.reset(made_context);
  }

  // The stream may be there already, made by another node or by an operator: then it is taken as it
  // is.
  void make_stream(std::chrono::seconds dedupe_window) const {
    if (info()) {
      return;
    }
    natsStatus status = NATS_ERR;
    const std::vector<int> tries =
        address.replicas == 0 ? std::vector{wanted_replicas, 1} : std::vector{address.replicas};
    for (const int replicas : tries) {
      jsStreamConfig wanted = {};
      jsStreamConfig_Init(&wanted);
      wanted.Name = address.stream.c_str();
      const char* subjects = subject.c_str();
      wanted.Subjects = &subjects;
      wanted.SubjectsLen = 1;
      wanted.Storage = js_FileStorage;
      wanted.Replicas = replicas;
      wanted.Duplicates = std::chrono::nanoseconds(dedupe_window).count();
      jsStreamInfo* made = nullptr;
      status = js_AddStream(&made, context.get(), &wanted, nullptr, nullptr);
      const stream_info_ptr kept(made);
      if (status == NATS_OK || info()) {
        return;
      }
    }
    require(status, "Cannot make the stream " + address.stream +
                        ": NATS must run with JetStream enabled (nats-server -js)");
  }

  [[nodiscard]] stream_info_ptr info() const {
    jsStreamInfo* found = nullptr;
    js_GetStreamInfo(&found, context.get(), address.stream.c_str(), nullptr, nullptr);
    return stream_info_ptr(found);
  }
};

nats_link::nats_link(const nats_address& address, std::chrono::seconds dedupe_window,
                     std::function<void(publish_answer)> answered)
    : state_(std::make_unique<link_state>()) {
  state_->address = address;
  state_->subject = subject_of(address);
  state_->registration = answer_registry::instance().add(std::move(answered));
  try {
    state_->connect();
    state_->make_stream(dedupe_window);
  } catch (...) {
    answer_registry::instance().remove(state_->registration);
    throw;
  }
}

nats_link::~nats_link() {
  answer_registry::instance().remove(state_->registration);
  // Ends the library's threads of this connection; then nobody uses a subscription any more.
  natsConnection_Close(state_->connection.get());
  state_->spent.clear();
}

bool nats_link::publish(const std::string& payload, const std::string& message_id) {
  natsMsg* made = nullptr;
  if (natsMsg_Create(&made, state_->subject.c_str(), nullptr, payload.data(),
                     static_cast<int>(payload.size())) != NATS_OK) {
    return false;
  }
  jsPubOptions options = {};
  jsPubOptions_Init(&options);
  options.MaxWait = publish_wait;
  options.MsgId = message_id.c_str();
  const natsStatus status = js_PublishMsgAsync(state_->context.get(), &made, &options);
  // What was sent is the library's until its answer.
  const nats_message_handle left(made);
  return status == NATS_OK;
}

std::size_t nats_link::largest_payload() const {
  const std::int64_t most = natsConnection_GetMaxPayload(state_->connection.get());
  return static_cast<std::size_t>(std::max<std::int64_t>(most, 0));
}

bool nats_link::connected() const {
  return natsConnection_Status(state_->connection.get()) == NATS_CONN_STATUS_CONNECTED;
}

std::optional<stream_state> nats_link::state() const {
  const stream_info_ptr info = state_->info();
  if (!info) {
    return std::nullopt;
  }
  stream_state now;
  now.last = info->State.LastSeq;
  now.first = info->State.Msgs == 0 ? now.last + 1 : info->State.FirstSeq;
  now.epoch = epoch_of(*info);
  return now;
}

std::unique_ptr<stream_reader> nats_link::read_from(std::uint64_t sequence) const {
  jsSubOptions options = {};
  jsSubOptions_Init(&options);
  options.Stream = state_->address.stream.c_str();
  options.Ordered = true;
  options.Config.DeliverPolicy = js_DeliverByStartSequence;
  options.Config.OptStartSeq = sequence;
  natsSubscription* made = nullptr;
  if (js_SubscribeSync(&made, state_->context.get(), state_->subject.c_str(), nullptr, &options,
                       nullptr) != NATS_OK) {
    return nullptr;
  }
  nats_subscription_handle subscription(made);
  natsSubscription_SetPendingLimits(made, -1, -1);
  state_->spent.free_unused(state_->connection.get(), std::chrono::milliseconds(request_wait));
  return std::make_unique<ordered_reader>(std::move(subscription), state_->spent);
}

std::unique_ptr<peer_link> nats_link::open_peers(const std::string& topic) const {
  return std::make_unique<nats_peers>(state_->connection.get(),
                                      state_->address.stream + "." + topic, state_->spent);
}

void nats_link::purge_before(std::uint64_t sequence) {
  jsOptions options = {};
  jsOptions_Init(&options);
  options.Stream.Purge.Sequence = sequence;
  // What is not purged now is purged the next time.
  static_cast<void>(
      js_PurgeStream(state_->context.get(), state_->address.stream.c_str(), &options, nullptr));
}

}  // namespace flowcast::stores
