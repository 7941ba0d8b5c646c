#include <array>
#include <cstddef>
#include <utility>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "auth/key_digest.hpp"
#include "auth/token_key.hpp"

// Public keys, by OpenSSL.
namespace flowcast::auth {

namespace {

constexpr int least_rsa_bits = 2048;
constexpr int most_rsa_bits = 16'384;  // more takes an age to verify
constexpr std::size_t p256_size = 32;  // bytes of a coordinate, and of half a signature

template <class T, void (*Free)(T*)>
struct freed_by {
  void operator()(T* what) const { Free(what); }
};
template <class T, void (*Free)(T*)>
using owned = std::unique_ptr<T, freed_by<T, Free>>;

using context_pointer = owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using digest_pointer = owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using number_pointer = owned<BIGNUM, BN_free>;
using builder_pointer = owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using parameters_pointer = owned<OSSL_PARAM, OSSL_PARAM_free>;
using signature_pointer = owned<ECDSA_SIG, ECDSA_SIG_free>;
using certificate_pointer = owned<X509, X509_free>;

struct bio_deleter {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using bio_pointer = std::unique_ptr<BIO, bio_deleter>;

const unsigned char* bytes_of(std::string_view text) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): OpenSSL's bytes
  return reinterpret_cast<const unsigned char*>(text.data());
}

records::error no_key(std::string why) {
  ERR_clear_error();
  return {records::errc::bad_request, std::move(why), {}, {}};
}

number_pointer number_of(std::string_view big_endian) {
  return number_pointer(
      BN_bin2bn(bytes_of(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

std::shared_ptr<EVP_PKEY> make_key(const char* type, OSSL_PARAM* parameters) {
  const context_pointer context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (!context || parameters == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
    return nullptr;
  }
  std::shared_ptr<EVP_PKEY> key(made, EVP_PKEY_free);
  const context_pointer check(EVP_PKEY_CTX_new_from_pkey(nullptr, made, nullptr));
  return check && EVP_PKEY_public_check(check.get()) == 1 ? key : nullptr;
}

std::string taken(unsigned char* der, int size) {
  std::string out;
  if (size > 0) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): OpenSSL's bytes
    out.assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  }
  OPENSSL_free(der);
  return out;
}

std::string to_der(EVP_PKEY& key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(&key, &der);
  return taken(der, size);
}

// R and S side by side (RFC 7518, section 3.4), as OpenSSL wants them.
std::string to_der(std::string_view signature) {
  if (signature.size() != 2 * p256_size) {
    return {};
  }
  number_pointer r = number_of(signature.substr(0, p256_size));
  number_pointer s = number_of(signature.substr(p256_size));
  const signature_pointer both(ECDSA_SIG_new());
  if (!r || !s || !both || ECDSA_SIG_set0(both.get(), r.get(), s.get()) != 1) {
    return {};
  }
  std::ignore = r.release();  // theirs now
  std::ignore = s.release();
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(both.get(), &der);
  return taken(der, size);
}

}  // namespace

records::result<token_key> token_key::from_pem(std::string_view pem) {
  const auto open = [&] {
    return bio_pointer(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  };
  if (pem.find("PRIVATE KEY-----") != std::string_view::npos) {
    return no_key("this is a private key: give the public one, it is all that verifying needs");
  }
  bio_pointer bio = open();
  key_pointer key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  if (!key) {
    bio = open();
    const certificate_pointer certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (certificate) {
      key.reset(X509_get_pubkey(certificate.get()), EVP_PKEY_free);
    }
  }
  return from_public(std::move(key));
}

records::result<token_key> token_key::from_rsa(std::string_view modulus,
                                               std::string_view exponent) {
  const number_pointer n = number_of(modulus);
  const number_pointer e = number_of(exponent);
  const builder_pointer builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return no_key("this is no RSA key");
  }
  const parameters_pointer parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  return from_public(make_key("RSA", parameters.get()));
}

records::result<token_key> token_key::from_p256(std::string_view x, std::string_view y) {
  if (x.size() != p256_size || y.size() != p256_size) {
    return no_key("a P-256 key has coordinates of 32 bytes");
  }
  constexpr char uncompressed = 0x04;
  const std::string point = uncompressed + std::string(x) + std::string(y);
  const builder_pointer builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return no_key("this is no P-256 key");
  }
  const parameters_pointer parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  return from_public(make_key("EC", parameters.get()));
}

records::result<token_key> token_key::from_ed25519(std::string_view x) {
  return from_public(
      key_pointer(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(x), x.size()),
                  EVP_PKEY_free));
}

records::result<token_key> token_key::from_public(key_pointer key) {
  if (!key) {
    return no_key("this is no public key: it must be PEM or JWK, of RSA, P-256 or Ed25519");
  }
  token_key made;
  switch (EVP_PKEY_get_base_id(key.get())) {
    case EVP_PKEY_RSA:
      if (const int bits = EVP_PKEY_get_bits(key.get());
          bits < least_rsa_bits || bits > most_rsa_bits) {
        return no_key("an RSA key has at least 2048 bits; this one has " + std::to_string(bits));
      }
      made.kind_ = kind::rsa;
      break;
    case EVP_PKEY_EC: {
      std::array<char, 64> group = {};
      std::size_t size = 0;
      EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), &size);
      if (std::string_view(group.data(), size) != "prime256v1") {
        return no_key("of elliptic curves, P-256 and Ed25519 are known");
      }
      made.kind_ = kind::p256;
      break;
    }
    case EVP_PKEY_ED25519:
      made.kind_ = kind::ed25519;
      break;
    default:
      return no_key("only keys of RSA, P-256 and Ed25519 are known");
  }
  made.fingerprint_ = digest_of(to_der(*key));
  made.public_ = std::move(key);
  return made;
}

bool token_key::verify_public(algorithm what, std::string_view text,
                              std::string_view signature) const {
  const std::string der = what == algorithm::es256 ? to_der(signature) : std::string();
  if (what == algorithm::es256) {
    signature = der;
  }
  const digest_pointer context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;  // the context's
  const EVP_MD* const digest = what == algorithm::eddsa ? nullptr : EVP_sha256();
  if (!context || signature.empty() ||
      EVP_DigestVerifyInit(context.get(), &options, digest, nullptr, public_.get()) != 1) {
    return false;
  }
  if (what == algorithm::ps256 &&
      (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
       EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  const bool right = EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                                      bytes_of(text), text.size()) == 1;
  ERR_clear_error();
  return right;
}

}  // namespace flowcast::auth
