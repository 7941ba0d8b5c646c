#include "web/task_queue.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <random>
#include <regex>
#include <stdexcept>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "web/log.hpp"

namespace flowcast::demo {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

constexpr std::chrono::seconds call_timeout{5};
constexpr std::chrono::milliseconds first_pause{200};
constexpr std::chrono::milliseconds longest_pause{2000};
constexpr int most_attempts = 60;
constexpr std::size_t most_waiting = 10'000;

struct address {
  std::string host;
  std::string port;
};

address parse(const std::string& url) {
  static const std::regex shape(R"(http://([^/:]+|\[[^\]]+\])(:(\d{1,5}))?/?)");
  std::smatch part;
  if (!std::regex_match(url, part, shape)) {
    throw std::invalid_argument("The Flowcast URL must look like http://127.0.0.1:3030, not " +
                                url);
  }
  return {part[1].str(), part[3].matched ? part[3].str() : "80"};
}

std::string new_idempotency_key() {
  static std::random_device device;
  std::string key;
  for (int i = 0; i < 4; ++i) {
    key += std::to_string(device());
  }
  return key;
}

}  // namespace

class task_queue::worker : public std::enable_shared_from_this<worker> {
 public:
  worker(asio::io_context& context, const std::string& url)
      : server_(parse(url)), resolver_(context), stream_(context), pause_(context) {}

  void submit(rest_call call) {
    if (waiting_.size() == most_waiting) {
      log("task queue: full, dropped a call to " + call.path);
      return;
    }
    waiting_.push_back({std::move(call), new_idempotency_key()});
    if (!busy_) {
      start();
    }
  }

  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

  void stop() {
    waiting_.clear();
    stopped_ = true;
    resolver_.cancel();
    stream_.close();
    pause_.cancel();
  }

 private:
  struct task {
    rest_call call;
    std::string idempotency_key;
    int attempts = 0;
  };

  void start() {
    busy_ = !waiting_.empty() && !stopped_;
    if (!busy_) {
      return;
    }
    const task& next = waiting_.front();
    request_ = {http::verb::post, next.call.path, 11};
    request_.set(http::field::host, server_.host + ":" + server_.port);
    request_.set(http::field::content_type, "application/json");
    request_.set("Idempotency-Key", next.idempotency_key);
    request_.body() = next.call.body.dump();
    request_.prepare_payload();
    resolver_.async_resolve(
        server_.host, server_.port,
        [self = shared_from_this()](beast::error_code error,
                                    const tcp::resolver::results_type& results) {
          self->on_resolve(error, results);
        });
  }

  void on_resolve(beast::error_code error, const tcp::resolver::results_type& results) {
    if (error) {
      retry(error.message());
      return;
    }
    stream_.expires_after(call_timeout);
    stream_.async_connect(
        results, [self = shared_from_this()](beast::error_code failed, const tcp::endpoint&) {
          self->on_connect(failed);
        });
  }

  void on_connect(beast::error_code error) {
    if (error) {
      retry(error.message());
      return;
    }
    http::async_write(stream_, request_,
                      [self = shared_from_this()](beast::error_code failed, std::size_t) {
                        if (failed) {
                          self->retry(failed.message());
                        } else {
                          self->read();
                        }
                      });
  }

  void read() {
    answer_ = {};
    buffer_.clear();
    http::async_read(stream_, buffer_, answer_,
                     [self = shared_from_this()](beast::error_code failed, std::size_t) {
                       if (failed) {
                         self->retry(failed.message());
                       } else {
                         self->finish();
                       }
                     });
  }

  void finish() {
    stream_.close();
    const auto said = std::to_string(answer_.result_int()) + " " + answer_.body();
    if (http::to_status_class(answer_.result()) == http::status_class::server_error) {
      retry(said);
      return;
    }
    if (waiting_.front().call.logged) {
      log("task queue: POST " + waiting_.front().call.path + " " + request_.body() + " -> " + said);
    }
    waiting_.pop_front();
    start();
  }

  void retry(const std::string& why) {
    stream_.close();
    if (stopped_ || waiting_.empty()) {
      return;
    }
    task& failed = waiting_.front();
    if (++failed.attempts == most_attempts) {
      log("task queue: gave up POST " + failed.call.path + ": " + why);
      waiting_.pop_front();
      start();
      return;
    }
    if (failed.attempts == 1) {
      log("task queue: POST " + failed.call.path + " failed (" + why + "), trying again");
    }
    pause_.expires_after(
        std::min(first_pause * (1 << std::min(failed.attempts - 1, 4)), longest_pause));
    pause_.async_wait([self = shared_from_this()](beast::error_code cancelled) {
      if (!cancelled) {
        self->start();
      }
    });
  }

  address server_;
  tcp::resolver resolver_;
  beast::tcp_stream stream_;
  asio::steady_timer pause_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> answer_;
  std::deque<task> waiting_;
  bool busy_ = false;
  bool stopped_ = false;
};

task_queue::task_queue(asio::io_context& context, const std::string& flowcast_url)
    : worker_(std::make_shared<worker>(context, flowcast_url)) {}

task_queue::~task_queue() = default;

void task_queue::submit(rest_call call) {
  worker_->submit(std::move(call));
}

std::size_t task_queue::waiting() const {
  return worker_->waiting();
}

void task_queue::stop() {
  worker_->stop();
}

}  // namespace flowcast::demo
