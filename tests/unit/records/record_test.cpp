#include "records/record.hpp"

#include <gtest/gtest.h>

#include "protocol/json_scanner.hpp"

namespace flowcast::records {
namespace {

const record_fields fields;

record created(std::string json, std::int64_t id) {
  return make_record(read_document(std::move(json), fields).value(), id, fields);
}

TEST(record, appends_the_id_to_what_came) {
  EXPECT_EQ(created(R"({"text":"guid-0"})", 7).json, R"({"text":"guid-0","id":7})");
  EXPECT_EQ(created("{}", 0).json, R"({"id":0})");
}

TEST(record, drops_white_space_between_tokens_alone) {
  EXPECT_EQ(created(" {\n \"text\" : \"a b\\\" \" ,\t\"n\":[ 1 , 2 ] }\r\n", 1).json,
            R"({"text":"a b\" ","n":[1,2],"id":1})");
}

TEST(record, keeps_numbers_as_they_were_written) {
  const record made = created(R"({"text":12345678901234567890,"n":1.0})", 1);
  EXPECT_EQ(made.json, R"({"text":12345678901234567890,"n":1.0,"id":1})");
  EXPECT_EQ(made.key, "12345678901234567890");
}

TEST(record, has_the_key_of_its_key_field) {
  EXPECT_EQ(created(R"({"text":"g\u00fcid"})", 1).key, "güid");
  EXPECT_EQ(created(R"({"text":1e2})", 1).key, "100");
  EXPECT_EQ(created(R"({"text":true})", 1).key, "true");
  EXPECT_EQ(created(R"({"text":null})", 1).key, "");
  EXPECT_EQ(created(R"({"text":["a"]})", 1).key, "");
  EXPECT_EQ(created(R"({"other":"a"})", 1).key, "");
  EXPECT_EQ(created(R"({"text":"a","text":"b"})", 1).key, "b");
}

TEST(record, takes_the_clients_id) {
  const document own = read_document(R"({"id":"own","text":"x"})", fields).value();
  ASSERT_TRUE(own.id);
  EXPECT_EQ(own.id->text(), "own");
  EXPECT_EQ(make_record(own, *own.id, "\"own\"", fields).json, R"({"id":"own","text":"x"})");
}

TEST(record, gives_a_falsy_id_a_number_in_its_place) {
  for (const char* id : {"0", "null", "\"\"", "false", "-0", "0.0"}) {
    EXPECT_EQ(created(R"({"id":)" + std::string(id) + R"(,"text":"x"})", 11).json,
              R"({"id":11,"text":"x"})");
  }
}

TEST(record, refuses_what_is_no_record) {
  for (const char* text :
       {"", "null", "5", "\"str\"", "[]", "{\"text\": ", "{} {}", "{\"a\":\"\xff\"}"}) {
    const auto read = read_document(text, fields);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, errc::bad_request);
  }
}

TEST(record, keeps_the_last_of_members_with_one_name) {
  const document read = read_document(R"({"text":"a","n":1,"text":"b"})", fields).value();
  EXPECT_EQ(read.json, R"({"text":"b","n":1})");
  EXPECT_EQ(read.key, "b");
  EXPECT_EQ(read_document(R"({"text":"a","te\u0078t":"b"})", fields)->json, R"({"text":"b"})");
  EXPECT_EQ(read_document(R"({"id":1,"id":2,"a":{}})", fields)->id, record_id(2));

  std::string many = "{";
  for (int i = 0; i < 40; ++i) {
    many += "\"" + std::to_string(i) + "\":1,";
  }
  EXPECT_EQ(read_document(many + R"("40":1})", fields)->json, many + R"("40":1})");
  EXPECT_EQ(read_document(many + R"("39":2})", fields)->json,
            many.substr(0, many.size() - 2) + "2}");
}

TEST(record, refuses_what_is_no_id) {
  for (const char* id : {"{}", "[1]", "true"}) {
    EXPECT_FALSE(read_document(R"({"id":)" + std::string(id) + "}", fields)) << id;
  }
  EXPECT_FALSE(read_document(R"({"id":")" + std::string(513, 'x') + "\"}", fields));
}

TEST(record, refuses_deep_nesting) {
  EXPECT_TRUE(read_document("{\"a\":" + std::string(63, '[') + std::string(63, ']') + "}", fields));
  EXPECT_FALSE(
      read_document("{\"a\":" + std::string(64, '[') + std::string(64, ']') + "}", fields));
}

TEST(record, keeps_its_id_when_it_is_updated) {
  const record current = created(R"({"text":"old"})", 1);
  const auto with = [](std::string json) { return read_document(std::move(json), fields).value(); };
  EXPECT_EQ(update_record(current, with(R"({"text":"put","extra":1})"), fields).json,
            R"({"text":"put","extra":1,"id":1})");
  const record moved = update_record(current, with(R"({"id":77,"text":"put id"})"), fields);
  EXPECT_EQ(moved.json, R"({"id":1,"text":"put id"})");
  EXPECT_EQ(moved.id, record_id(1));
  EXPECT_EQ(moved.key, "put id");
}

TEST(record, is_patched_member_by_member) {
  const record current = created(R"({"text":"a","n":3})", 3);
  const auto patched = [&current](std::string json) {
    return patch_record(current, read_document(std::move(json), fields).value(), fields);
  };
  EXPECT_EQ(patched(R"({"multi":1})").json, R"({"text":"a","n":3,"id":3,"multi":1})");
  EXPECT_EQ(patched(R"({"text":"b2"})").json, R"({"text":"b2","n":3,"id":3})");
  EXPECT_EQ(patched(R"({"text":"b2"})").key, "b2");
  EXPECT_EQ(patched(R"({"id":88,"n":null})").json, R"({"text":"a","n":null,"id":3})");
  EXPECT_EQ(patched("{}").json, current.json);
  EXPECT_EQ(patched(R"({"x":1,"y":2,"x":3})").json, R"({"text":"a","n":3,"id":3,"x":3,"y":2})");
}

TEST(record_id, is_the_same_as_text_and_as_number) {
  const auto of = [](std::string_view json) {
    return record_id::from_json(protocol::scan_json(json).value).value();
  };
  EXPECT_EQ(of("1"), of("\"1\""));
  EXPECT_EQ(of("1.0"), of("1"));
  EXPECT_EQ(of("1e3"), record_id::from_text("1000"));
  EXPECT_EQ(of("9007199254740993").text(), "9007199254740993");
  EXPECT_EQ(of("1.5e-9").text(), "1.5e-9");
  EXPECT_EQ(of("1e21").text(), "1e+21");
}

TEST(record_id, knows_canonical_numbers) {
  EXPECT_EQ(record_id::from_text("42").number(), 42);
  for (const char* text : {"", "042", "-1", "4.2", "4x", "99999999999999999999"}) {
    EXPECT_EQ(record_id::from_text(text).number(), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace flowcast::records
