#include "stores/nats_message.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "stores/nats_address.hpp"

namespace flowcast::stores {
namespace {

TEST(nats_message, is_read_back_as_written) {
  log_message message;
  message.writer = "0123abcd.42";
  message.service = "micro\"flow";
  message.at = 1'700'000'000'123;
  message.once = idempotency{"a key \xc3\xa9", std::numeric_limits<std::uint64_t>::max()};
  message.changes = {
      {records::event_type::created, std::nullopt, 0, R"({"text":"a"})"},
      {records::event_type::patched, "own \"id\"", 1025, R"({"id":"own \"id\"","n":[1,{}]})"},
      {records::event_type::removed, "7", 2048, ""},
      {records::event_type::removed, "7", 2048, R"({"id":"7","reason":"released"})"},
  };
  message.due = 1'700'000'001'000;
  const std::string json = to_json(message);
  EXPECT_EQ(writer_of(json), message.writer);
  const std::optional<log_message> read = parse_message(json);
  ASSERT_TRUE(read);
  EXPECT_EQ(to_json(*read), json);
  EXPECT_EQ(read->service, message.service);
  EXPECT_EQ(read->once->body_digest, message.once->body_digest);
  ASSERT_EQ(read->changes.size(), 4U);
  EXPECT_EQ(read->changes[0].id, std::nullopt);
  EXPECT_EQ(read->changes[1].id, "own \"id\"");
  EXPECT_EQ(read->changes[1].json, message.changes[1].json);
  EXPECT_EQ(read->changes[2].base, 2048U);
  EXPECT_EQ(read->changes[3].json, message.changes[3].json);
  EXPECT_EQ(read->due, message.due);
}

TEST(nats_message, is_not_what_others_publish) {
  for (const char* json : {
           "",
           "hello",
           "{}",
           R"({"writer":5})",
           R"({"writer":"a.1","at":"x"})",
           R"({"writer":"a.1","changes":[[9,null,0,{}]]})",
           R"({"writer":"a.1","changes":[[0,null,5,{}]]})",
           R"({"writer":"a.1","changes":[[0,null,0]]})",
           R"({"writer":"a.1","changes":[[3,"x",0,5]]})",
           R"({"writer":"a.1","changes":[[3,null,0,{}]]})",
           R"({"writer":"a.1","changes":[[]]})",
           R"({"writer":"a.1","changes":[5]})",
           R"({"writer":"a.1","trim":-1})",
       }) {
    EXPECT_FALSE(parse_message(json)) << json;
  }
  EXPECT_EQ(writer_of("hello"), "");
}

TEST(nats_message, has_positions_in_the_order_of_the_stream) {
  EXPECT_LT(position_in_message(5, most_changes_in_a_message - 1), position_in_message(6, 0));
  EXPECT_EQ(sequence_of(position_in_message(5, 1023)), 5U);
}

TEST(nats_address, is_read_from_a_setting) {
  const nats_address plain = nats_address::parse("nats://a:4222,nats://b:4222");
  EXPECT_EQ(plain.urls, "nats://a:4222,nats://b:4222");
  EXPECT_EQ(plain.stream, "FLOWCAST");
  const nats_address all = nats_address::parse("nats://a?stream=S&view=/x/y.db&replicas=3");
  EXPECT_EQ(all.urls, "nats://a");
  EXPECT_EQ(all.stream, "S");
  EXPECT_EQ(all.view, "/x/y.db");
  EXPECT_EQ(all.replicas, 3);
  for (const char* text : {"", "?stream=S", "nats://a?stream=", "nats://a?stream=a.b",
                           "nats://a?replicas=0", "nats://a?replicas=x", "nats://a?other=1"}) {
    EXPECT_THROW(static_cast<void>(nats_address::parse(text)), std::runtime_error) << text;
  }
}

}  // namespace
}  // namespace flowcast::stores
