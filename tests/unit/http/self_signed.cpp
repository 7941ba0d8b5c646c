#include "unit/http/self_signed.hpp"

#include <cstdio>
#include <memory>
#include <stdexcept>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

namespace flowcast::http {

namespace {

using file = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

file open(const std::string& path) {
  file made(std::fopen(path.c_str(), "w"), std::fclose);
  if (!made) {
    throw std::runtime_error("cannot write " + path);
  }
  return made;
}

}  // namespace

self_signed::self_signed(const std::string& name) {
  const std::string stem =
      testing::TempDir() + "flowcast-" + std::to_string(::getpid()) + "-" + name;
  files_ = {stem + ".crt", stem + ".key"};
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, void (*)(X509*)> made(X509_new(), X509_free);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
  X509_NAME* const subject = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(made.get(), subject);
  X509_set_pubkey(made.get(), key.get());
  X509_sign(made.get(), key.get(), EVP_sha256());
  PEM_write_X509(open(files_.certificate).get(), made.get());
  PEM_write_PrivateKey(open(files_.key).get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

self_signed::~self_signed() {
  std::remove(files_.certificate.c_str());
  std::remove(files_.key.c_str());
}

}  // namespace flowcast::http
