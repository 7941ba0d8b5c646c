#include <array>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/tls_context.hpp"
#include "realtime/stream.hpp"
#include "unit/http/self_signed.hpp"

namespace flowcast::http {
namespace {

using realtime::next_step;
using testing::HasSubstr;

// The client's end of a connection to a server of ours, which runs wherever the client waits.
class tls_pair {
 public:
  explicit tls_pair(const tls_context& context) {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_.data()) != 0) {
      throw std::runtime_error("no socket pair");
    }
    server = std::make_unique<realtime::stream>(ends_[1], context.accept(ends_[1]));
    SSL_set_fd(client_.get(), ends_[0]);
    SSL_set_connect_state(client_.get());
  }
  ~tls_pair() { ::close(ends_[0]); }
  tls_pair(const tls_pair&) = delete;
  tls_pair& operator=(const tls_pair&) = delete;

  // Both sides take turns until the client is through.
  bool shake_hands() {
    for (int turn = 0; turn < 20; ++turn) {
      if (SSL_do_handshake(client_.get()) == 1) {
        return true;
      }
      std::array<char, 100> none = {};
      if (server->receive(none).then == next_step::ended) {
        return false;
      }
    }
    return false;
  }

  std::string server_hears() {
    std::string heard;
    std::array<char, 1000> block = {};
    for (;;) {
      const realtime::transfer got = server->receive(block);
      heard.append(block.data(), got.bytes);
      if (got.then != next_step::go_on) {
        return heard;
      }
    }
  }

  std::string client_hears() {
    std::string heard;
    std::array<char, 100'000> block = {};
    for (int size = 0; (size = SSL_read(client_.get(), block.data(), block.size())) > 0;)
      heard.append(block.data(), static_cast<std::size_t>(size));
    return heard;
  }

  bool client_says(std::string_view text) {
    return SSL_write(client_.get(), text.data(), static_cast<int>(text.size())) > 0;
  }

  [[nodiscard]] SSL* client() { return client_.get(); }
  [[nodiscard]] int client_descriptor() const { return ends_[0]; }

  std::unique_ptr<realtime::stream> server;

 private:
  std::array<int, 2> ends_ = {-1, -1};
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_{SSL_CTX_new(TLS_client_method()),
                                                        SSL_CTX_free};
  std::unique_ptr<SSL, void (*)(SSL*)> client_{SSL_new(context_.get()), SSL_free};
};

std::string name_of(SSL* client) {
  const std::unique_ptr<X509, void (*)(X509*)> peer(SSL_get1_peer_certificate(client), X509_free);
  std::array<char, 100> name = {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(peer.get()), NID_commonName, name.data(),
                            static_cast<int>(name.size()));
  return name.data();
}

TEST(tls, carries_bytes_both_ways) {
  const self_signed certificate("localhost");
  const tls_context context(certificate.files());
  tls_pair pair(context);
  ASSERT_TRUE(pair.shake_hands());
  EXPECT_EQ(name_of(pair.client()), "localhost");
  EXPECT_GE(SSL_version(pair.client()), TLS1_2_VERSION);
  ASSERT_TRUE(pair.client_says("GET /"));
  EXPECT_EQ(pair.server_hears(), "GET /");
  const realtime::transfer sent = pair.server->send("HTTP/1.1 200 OK");
  EXPECT_EQ(sent.bytes, 15U);
  EXPECT_EQ(sent.then, next_step::go_on);
  EXPECT_EQ(pair.client_hears(), "HTTP/1.1 200 OK");
}

TEST(tls, loses_and_repeats_nothing_where_the_client_reads_slowly) {
  const self_signed certificate("localhost");
  const tls_context context(certificate.files());
  tls_pair pair(context);
  ASSERT_TRUE(pair.shake_hands());
  std::string all;
  for (int i = 0; all.size() < 3'000'000; ++i)
    all += std::to_string(i) + ' ';
  std::string heard;
  std::size_t taken = 0;
  bool waited = false;
  while (taken < all.size()) {
    // Never the same pieces twice: what was not taken is cut anew.
    const std::size_t piece = std::min<std::size_t>(50'000 + taken % 777, all.size() - taken);
    const realtime::transfer sent = pair.server->send(std::string_view(all).substr(taken, piece));
    ASSERT_NE(sent.then, next_step::ended);
    taken += sent.bytes;
    if (sent.then == next_step::wait) {
      waited = true;
      heard += pair.client_hears();
      pair.server->flush();
    }
  }
  while (pair.server->send({}).then == next_step::wait)
    heard += pair.client_hears();
  heard += pair.client_hears();
  EXPECT_TRUE(waited);
  EXPECT_TRUE(heard == all);
}

TEST(tls, says_goodbye_behind_everything_else) {
  const self_signed certificate("localhost");
  const tls_context context(certificate.files());
  tls_pair pair(context);
  ASSERT_TRUE(pair.shake_hands());
  EXPECT_EQ(pair.server->send("last words").bytes, 10U);
  pair.server->finish();
  EXPECT_EQ(pair.client_hears(), "last words");
  EXPECT_NE(SSL_get_shutdown(pair.client()) & SSL_RECEIVED_SHUTDOWN, 0);
}

TEST(tls, ends_where_the_client_does) {
  const self_signed certificate("localhost");
  const tls_context context(certificate.files());
  tls_pair pair(context);
  ASSERT_TRUE(pair.shake_hands());
  SSL_shutdown(pair.client());
  std::array<char, 10> none = {};
  EXPECT_EQ(pair.server->receive(none).then, next_step::ended);
}

TEST(tls, tells_a_client_without_tls_what_to_do) {
  const self_signed certificate("localhost");
  const tls_context context(certificate.files());
  tls_pair pair(context);
  constexpr std::string_view plain = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  ASSERT_EQ(::send(pair.client_descriptor(), plain.data(), plain.size(), 0),
            static_cast<ssize_t>(plain.size()));
  std::array<char, 10> none = {};
  EXPECT_EQ(pair.server->receive(none).then, next_step::ended);
  std::array<char, 500> answer = {};
  ASSERT_GT(::recv(pair.client_descriptor(), answer.data(), answer.size(), 0), 0);
  EXPECT_THAT(answer.data(), HasSubstr("this port speaks HTTPS: use an https:// URL"));
}

TEST(tls, refuses_what_is_neither_tls_nor_http) {
  const self_signed certificate("localhost");
  const tls_context context(certificate.files());
  tls_pair pair(context);
  ASSERT_EQ(::send(pair.client_descriptor(), "\x16\x03\x01\xff\xff junk", 10, 0), 10);
  ::shutdown(pair.client_descriptor(), SHUT_WR);
  EXPECT_EQ(pair.server_hears(), "");
  std::array<char, 10> none = {};
  EXPECT_EQ(pair.server->receive(none).then, next_step::ended);
}

TEST(tls, speaks_nothing_older_than_1_2) {
  const self_signed certificate("localhost");
  const tls_context context(certificate.files());
  tls_pair pair(context);
  SSL_set_min_proto_version(pair.client(), TLS1_VERSION);
  SSL_set_max_proto_version(pair.client(), TLS1_1_VERSION);
  EXPECT_FALSE(pair.shake_hands());
}

TEST(tls_context, takes_a_new_certificate_for_new_connections) {
  const self_signed one("one");
  const self_signed two("two");
  tls_context context(one.files());
  const auto copy = [](const std::string& from, const std::string& to) {
    std::ofstream(to) << std::ifstream(from).rdbuf();
  };
  copy(two.files().certificate, one.files().certificate);
  copy(two.files().key, one.files().key);
  EXPECT_EQ(context.reload(), "");
  tls_pair pair(context);
  ASSERT_TRUE(pair.shake_hands());
  EXPECT_EQ(name_of(pair.client()), "two");
}

TEST(tls_context, keeps_what_it_has_where_the_new_one_is_of_no_use) {
  const self_signed one("one");
  tls_context context(one.files());
  std::ofstream(one.files().certificate) << "nonsense";
  EXPECT_THAT(context.reload(), HasSubstr("tls-certificate must be a PEM file"));
  tls_pair pair(context);
  ASSERT_TRUE(pair.shake_hands());
  EXPECT_EQ(name_of(pair.client()), "one");
}

TEST(tls_context, refuses_files_that_do_not_belong_together) {
  const self_signed one("one");
  const self_signed two("two");
  EXPECT_THROW(tls_context({one.files().certificate, two.files().key}), std::runtime_error);
  EXPECT_THROW(tls_context({"/nowhere.crt", one.files().key}), std::runtime_error);
  EXPECT_THROW(tls_context({one.files().certificate, "/nowhere.key"}), std::runtime_error);
}

}  // namespace
}  // namespace flowcast::http
