#include "web/http_server.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include <boost/beast/core.hpp>

namespace flowcast::demo {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = boost::asio::ip::tcp;

constexpr std::size_t largest_body = 1'000'000;
constexpr std::chrono::seconds patience{30};

/// One connection: reads a request, waits for its answer, writes it, and again.
class connection : public std::enable_shared_from_this<connection> {
 public:
  connection(tcp::socket socket, std::shared_ptr<const request_handler> handler)
      : stream_(std::move(socket)), handler_(std::move(handler)) {}

  void read() {
    parser_.emplace();
    parser_->body_limit(largest_body);
    stream_.expires_after(patience);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       self->on_read(error);
                     });
  }

 private:
  void on_read(beast::error_code error) {
    if (error) {
      close();
      return;
    }
    stream_.expires_never();
    const auto& asked = parser_->get();
    keep_alive_ = asked.keep_alive();
    (*handler_)(asked,
                [self = shared_from_this()](response answer) { self->write(std::move(answer)); });
  }

  void write(response answer) {
    answer_ = std::move(answer);
    answer_.keep_alive(keep_alive_);
    answer_.prepare_payload();
    stream_.expires_after(patience);
    http::async_write(stream_, answer_,
                      [self = shared_from_this()](beast::error_code error, std::size_t) {
                        if (error || !self->keep_alive_) {
                          self->close();
                        } else {
                          self->read();
                        }
                      });
  }

  void close() {
    // The other side may be gone already; then there is nothing left to shut down.
    beast::error_code ignored;
    ignored = stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
    stream_.close();
  }

  beast::tcp_stream stream_;
  std::shared_ptr<const request_handler> handler_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  response answer_;
  bool keep_alive_ = false;
};

}  // namespace

http_server::http_server(boost::asio::io_context& context, const tcp::endpoint& where,
                         request_handler handler)
    : acceptor_(context, where),
      handler_(std::make_shared<const request_handler>(std::move(handler))),
      port_(acceptor_.local_endpoint().port()) {
  accept();
}

void http_server::stop() {
  acceptor_.close();
}

void http_server::accept() {
  acceptor_.async_accept([this](boost::system::error_code error, tcp::socket socket) {
    if (!acceptor_.is_open()) {
      return;
    }
    if (!error) {
      std::make_shared<connection>(std::move(socket), handler_)->read();
    }
    accept();
  });
}

}  // namespace flowcast::demo
