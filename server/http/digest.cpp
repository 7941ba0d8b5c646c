#include "http/digest.hpp"

#include <array>
#include <cassert>
#include <charconv>
#include <cstddef>
#include <memory>

#include <openssl/evp.h>

#include "protocol/base64.hpp"

namespace flowcast::http {

namespace {

[[maybe_unused]] constexpr std::size_t sha1_size = 20;

// A thread's own, as fetching the algorithm costs more than the digest.
class sha1 {
 public:
  // As bytes; empty only if OpenSSL has no SHA-1.
  std::string_view of(std::string_view bytes) {
    unsigned size = 0;
    if (EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1 ||
        EVP_DigestFinal_ex(context_.get(), digest_.data(), &size) != 1) {
      return {};
    }
    assert(size == sha1_size);
    return {reinterpret_cast<const char*>(digest_.data()), size};
  }

 private:
  struct deleter {
    void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };

  std::unique_ptr<EVP_MD, deleter> algorithm_{EVP_MD_fetch(nullptr, "SHA1", nullptr)};
  std::unique_ptr<EVP_MD_CTX, deleter> context_{EVP_MD_CTX_new()};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest_ = {};
};

void append_sha1(std::string& out, std::string_view bytes) {
  thread_local sha1 digest;
  protocol::append_base64(out, digest.of(bytes));
}

}  // namespace

void append_etag(std::string& out, std::string_view body) {
  constexpr std::size_t characters = 27;  // Express leaves the padding out
  std::array<char, 16> length = {};
  const auto end = std::to_chars(length.data(), length.data() + length.size(), body.size(), 16).ptr;
  out += "W/\"";
  out.append(length.data(), end);
  out += '-';
  const std::size_t digest = out.size();
  append_sha1(out, body);
  out.resize(digest + characters);
  out += '"';
}

std::string websocket_accept(std::string_view key) {
  std::string text(key);
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::string accept;
  append_sha1(accept, text);
  return accept;
}

bool is_websocket_key(std::string_view key) {
  std::string bytes;
  return key.size() == 24 && protocol::append_from_base64(bytes, key) && bytes.size() == 16;
}

}  // namespace flowcast::http
