#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http.hpp>

namespace flowcast::demo {

using request = boost::beast::http::request<boost::beast::http::string_body>;
using response = boost::beast::http::response<boost::beast::http::string_body>;

/// Gives the answer to one request: called once, now or later, on the server's thread.
using reply = std::function<void(response)>;

/// What answers requests. It may keep the reply for later, and outlives the server.
using request_handler = std::function<void(const request&, reply)>;

/// A plain HTTP/1.1 server for pages and their requests: keep-alive, bodies up to 1 MB, and a
/// deadline for slow clients. It runs on the thread of its `io_context`.
class http_server {
 public:
  /// Listens. Throws `boost::system::system_error` when the address cannot be had.
  http_server(boost::asio::io_context& context, const boost::asio::ip::tcp::endpoint& where,
              request_handler handler);

  /// Stops accepting. Connections end with their current request.
  void stop();

  [[nodiscard]] unsigned short port() const { return port_; }

 private:
  void accept();

  boost::asio::ip::tcp::acceptor acceptor_;
  std::shared_ptr<const request_handler> handler_;
  unsigned short port_;
};

}  // namespace flowcast::demo
