#include "unit/auth/signing_key.hpp"

#include <stdexcept>
#include <vector>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "auth/base64url.hpp"

namespace flowcast::auth {

namespace {

EVP_PKEY* generate(signing_key::kind what) {
  switch (what) {
    case signing_key::kind::rsa:
      return EVP_RSA_gen(2048);
    case signing_key::kind::small_rsa:
      return EVP_RSA_gen(1024);
    case signing_key::kind::p256:
      return EVP_EC_gen("P-256");
    case signing_key::kind::p384:
      return EVP_EC_gen("P-384");
    case signing_key::kind::ed25519:
      return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  }
  return nullptr;
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string read(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

std::string padded(const BIGNUM* number, int size) {
  std::vector<unsigned char> out(static_cast<std::size_t>(size));
  BN_bn2binpad(number, out.data(), size);
  return {out.begin(), out.end()};
}

std::string number_of(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key, name, &number);
  std::string text = padded(number, BN_num_bytes(number));
  BN_free(number);
  return text;
}

}  // namespace

signing_key::signing_key(kind what) : kind_(what), key_(generate(what), EVP_PKEY_free) {
  if (!key_)
    throw std::runtime_error("no key");
}

std::string signing_key::public_pem() const {
  BIO* const bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(bio, key_.get());
  return read(bio);
}

std::string signing_key::private_pem() const {
  BIO* const bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return read(bio);
}

std::string signing_key::sign_der(std::string_view text, bool pss) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  EVP_PKEY_CTX* options = nullptr;
  EVP_DigestSignInit(context.get(), &options, kind_ == kind::ed25519 ? nullptr : EVP_sha256(),
                     nullptr, key_.get());
  if (pss) {
    EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
  }
  std::size_t size = 0;
  EVP_DigestSign(context.get(), nullptr, &size, bytes(text), text.size());
  std::vector<unsigned char> signature(size);
  EVP_DigestSign(context.get(), signature.data(), &size, bytes(text), text.size());
  return {signature.begin(), signature.begin() + static_cast<std::ptrdiff_t>(size)};
}

std::string signing_key::sign(std::string_view text, bool pss) const {
  const std::string der = sign_der(text, pss);
  if (kind_ != kind::p256)
    return der;
  const unsigned char* at = bytes(der);
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> both(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
  return padded(ECDSA_SIG_get0_r(both.get()), 32) + padded(ECDSA_SIG_get0_s(both.get()), 32);
}

std::string signing_key::jwk(const std::string& more) const {
  const auto member = [](const char* name, const std::string& value) {
    return std::string(",\"") + name + "\":\"" + to_base64url(value) + '"';
  };
  std::string json;
  if (kind_ == kind::ed25519) {
    std::size_t size = 32;
    std::vector<unsigned char> raw(size);
    EVP_PKEY_get_raw_public_key(key_.get(), raw.data(), &size);
    json = R"({"kty":"OKP","crv":"Ed25519")" + member("x", std::string(raw.begin(), raw.end()));
  } else if (kind_ == kind::p256) {
    const auto coordinate = [&](const char* name) {
      const std::string number = number_of(key_.get(), name);
      return std::string(32 - number.size(), '\0') + number;
    };
    json = R"({"kty":"EC","crv":"P-256")" + member("x", coordinate(OSSL_PKEY_PARAM_EC_PUB_X)) +
           member("y", coordinate(OSSL_PKEY_PARAM_EC_PUB_Y));
  } else {
    json = R"({"kty":"RSA")" + member("n", number_of(key_.get(), OSSL_PKEY_PARAM_RSA_N)) +
           member("e", number_of(key_.get(), OSSL_PKEY_PARAM_RSA_E));
  }
  return json + (more.empty() ? "" : "," + more) + "}";
}

std::string hmac(const EVP_MD* digest, std::string_view key, std::string_view text) {
  std::vector<unsigned char> made(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  HMAC(digest, key.data(), static_cast<int>(key.size()), bytes(text), text.size(), made.data(),
       &size);
  return {made.begin(), made.begin() + size};
}

std::string unsigned_token(std::string_view header, std::string_view payload) {
  return to_base64url(header) + '.' + to_base64url(payload);
}

std::string hs256_token(std::string_view secret, std::string_view payload,
                        std::string_view header) {
  const std::string text = unsigned_token(header, payload);
  return text + '.' + to_base64url(hmac(EVP_sha256(), secret, text));
}

}  // namespace flowcast::auth
