#include "http/content_coding.hpp"

#include <array>
#include <limits>
#include <utility>

#include <boost/beast/core/string.hpp>
#include <zlib.h>

namespace flowcast::http {

namespace beast = boost::beast;
using records::errc;
using records::error;

namespace {

// What inflateInit2 takes for gzip; MAX_WBITS alone is zlib's own format, HTTP's "deflate".
constexpr int gzip_format = MAX_WBITS + 16;
constexpr int deflate_format = MAX_WBITS;

class inflater {
 public:
  explicit inflater(int format) { ready_ = ::inflateInit2(&stream_, format) == Z_OK; }
  ~inflater() { ::inflateEnd(&stream_); }
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;

  [[nodiscard]] records::result<std::string> all_of(std::string packed, std::size_t most) {
    std::string made;
    stream_.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream_.avail_in = static_cast<uInt>(packed.size());
    int state = ready_ ? Z_OK : Z_MEM_ERROR;
    while (state == Z_OK) {
      std::array<char, 16384> piece = {};
      stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
      stream_.avail_out = static_cast<uInt>(piece.size());
      state = ::inflate(&stream_, Z_NO_FLUSH);
      const std::size_t size = piece.size() - stream_.avail_out;
      if (size > most - made.size()) {
        return error{errc::payload_too_large, "request entity too large", {}, {}};
      }
      made.append(piece.data(), size);
    }
    if (state != Z_STREAM_END) {
      return error{errc::bad_request, "The compressed body is broken, or ends too early", {}, {}};
    }
    return made;
  }

 private:
  z_stream stream_ = {};
  bool ready_ = false;
};

}  // namespace

records::result<std::string> decode_content(std::string_view coding, std::string body,
                                            std::size_t most) {
  if (coding.empty() || beast::iequals(coding, "identity")) {
    return body;
  }
  const bool gzip = beast::iequals(coding, "gzip");
  if (!gzip && !beast::iequals(coding, "deflate")) {
    return error{errc::unsupported_media_type,
                 "unsupported content encoding \"" + std::string(coding) +
                     "\": send the body as it is, or with gzip or deflate",
                 {},
                 {}};
  }
  if (body.size() > std::numeric_limits<uInt>::max()) {
    return error{errc::payload_too_large, "request entity too large", {}, {}};
  }
  return inflater(gzip ? gzip_format : deflate_format).all_of(std::move(body), most);
}

}  // namespace flowcast::http
