#include "services/record_service.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/services/fake_store.hpp"

namespace flowcast::services {
namespace {

using records::errc;
using records::record_id;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

records::record record_of(std::int64_t id, std::string json) {
  return {record_id(id), "", std::move(json)};
}

class record_service_test : public testing::Test {
 protected:
  result<answer> handle(call request) {
    std::optional<result<answer>> given;
    record_service under_test(3, options_, store_);
    under_test.handle(std::move(request), {}, [&](result<answer> made) {
      EXPECT_FALSE(given.has_value()) << "answered twice";
      given = std::move(made);
    });
    if (!given) {
      ADD_FAILURE() << "not answered";
      return answer{};
    }
    return *given;
  }

  void store_answers(std::vector<records::record> records, bool replayed = false) {
    store_.write_answer = stores::written{std::move(records), {}, replayed};
  }

  fake_store store_;
  service_options options_;
};

call create(std::string document) {
  call request;
  request.what = method::create;
  request.document = std::move(document);
  return request;
}

call change(method what, std::optional<std::int64_t> id, std::string document = "{}") {
  call request;
  request.what = what;
  if (id) {
    request.id = record_id(*id);
  }
  request.document = std::move(document);
  return request;
}

TEST_F(record_service_test, create_stores_the_document_as_it_came_and_answers_with_the_record) {
  store_answers({record_of(1, R"({"text":"a","id":1})")});
  const auto made = handle(create(R"({"text": "a"})"));
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->json, R"({"text":"a","id":1})");
  ASSERT_THAT(store_.writes, SizeIs(1));
  EXPECT_EQ(store_.writes[0].service, 3U);
  EXPECT_EQ(store_.writes[0].kind, records::event_type::created);
  EXPECT_THAT(store_.writes[0].documents, ElementsAre(R"({"text": "a"})"));
}

TEST_F(record_service_test, create_takes_an_array_and_answers_with_one) {
  store_answers({record_of(1, R"({"a":1,"id":1})"), record_of(2, R"({"b":2,"id":2})")});
  const auto made = handle(create(R"([{"a":1},{"b":2}])"));
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->json, R"([{"a":1,"id":1},{"b":2,"id":2}])");
  EXPECT_THAT(store_.writes.at(0).documents, ElementsAre(R"({"a":1})", R"({"b":2})"));
}

TEST_F(record_service_test, create_of_an_array_of_one_answers_with_an_array) {
  store_answers({record_of(1, R"({"id":1})")});
  EXPECT_EQ(handle(create("[{}]"))->json, R"([{"id":1}])");
}

TEST_F(record_service_test, create_of_an_empty_array_stores_nothing) {
  EXPECT_EQ(handle(create("[]"))->json, "[]");
  EXPECT_THAT(store_.writes, IsEmpty());
}

TEST_F(record_service_test, create_answers_with_the_selected_members_alone) {
  store_answers({record_of(1, R"({"text":"a","n":2,"id":1})")});
  call request = create("{}");
  request.query = *records::query::from_query_string("$select[]=text");
  EXPECT_EQ(handle(request)->json, R"({"text":"a","id":1})");
}

TEST_F(record_service_test, create_passes_on_a_delay_within_bounds) {
  store_answers({record_of(1, "{}")});
  call request = create("{}");
  request.query.deliver_after = std::chrono::milliseconds(500);
  EXPECT_TRUE(handle(request).has_value());
  EXPECT_EQ(store_.writes.at(0).deliver_after, std::chrono::milliseconds(500));

  request.query.deliver_after = options_.max_deliver_after + std::chrono::milliseconds(1);
  const auto refused = handle(request);
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, errc::bad_request);
  EXPECT_THAT(refused.error().message, HasSubstr("60000 ms"));
  EXPECT_THAT(store_.writes, SizeIs(1));
}

TEST_F(record_service_test, only_a_create_can_be_delayed) {
  call request = change(method::patch, 1);
  request.query.deliver_after = std::chrono::milliseconds(500);
  EXPECT_EQ(handle(request).error().code, errc::bad_request);
  EXPECT_THAT(store_.writes, IsEmpty());
}

TEST_F(record_service_test, an_idempotency_key_goes_with_a_digest_of_what_is_asked) {
  store_answers({record_of(1, "{}")}, true);
  const auto digest_of = [&](call request) {
    request.idempotency_key = "one";
    EXPECT_TRUE(handle(std::move(request)).has_value());
    EXPECT_EQ(store_.writes.back().once->key, "one");
    return store_.writes.back().once->body_digest;
  };
  const auto first = digest_of(create(R"({"a":1})"));
  EXPECT_EQ(first, digest_of(create(R"({"a":1})")));
  EXPECT_NE(first, digest_of(create(R"({"a":2})")));
  EXPECT_NE(first, digest_of(change(method::patch, 1, R"({"a":1})")));
  EXPECT_NE(digest_of(change(method::remove, 1)), digest_of(change(method::remove, 2)));
  const auto of_all = [&](std::string_view where) {
    call request = change(method::remove, std::nullopt);
    request.query = *records::query::from_json(where);
    return digest_of(std::move(request));
  };
  EXPECT_EQ(of_all(R"({"a":1})"), of_all(R"({"a":1})"));
  EXPECT_NE(of_all(R"({"a":1})"), of_all(R"({"a":2})"));
}

TEST_F(record_service_test, a_repeat_of_an_earlier_publish_is_marked) {
  store_answers({record_of(1, "{}")}, true);
  EXPECT_TRUE(handle(create("{}"))->replayed);
}

TEST_F(record_service_test, refuses_an_idempotency_key_that_is_too_long_or_not_printable) {
  for (const std::string& key : {std::string(256, 'x'), std::string("a\nb"), std::string("\xff")}) {
    call request = create("{}");
    request.idempotency_key = key;
    EXPECT_EQ(handle(request).error().code, errc::bad_request);
  }
  EXPECT_THAT(store_.writes, IsEmpty());
}

TEST_F(record_service_test, refuses_many_at_once_where_multi_is_off) {
  options_.multi = false;
  const auto created = handle(create("[{}]"));
  const auto patched = handle(change(method::patch, std::nullopt));
  const auto removed = handle(change(method::remove, std::nullopt));
  EXPECT_EQ(created.error().code, errc::method_not_allowed);
  EXPECT_EQ(created.error().message, "Can not create multiple entries");
  EXPECT_EQ(patched.error().message, "Can not patch multiple entries");
  EXPECT_EQ(removed.error().message, "Can not remove multiple entries");
  EXPECT_THAT(store_.writes, IsEmpty());
}

TEST_F(record_service_test, patches_and_removes_all_that_match_where_there_is_no_id) {
  store_answers({record_of(1, R"({"id":1})"), record_of(2, R"({"id":2})")});
  call request = change(method::patch, std::nullopt, R"({"a":1})");
  request.query = *records::query::from_query_string("text=b");
  EXPECT_EQ(handle(request)->json, R"([{"id":1},{"id":2}])");
  ASSERT_THAT(store_.writes, SizeIs(1));
  EXPECT_EQ(store_.writes[0].kind, records::event_type::patched);
  EXPECT_FALSE(store_.writes[0].id.has_value());
  EXPECT_TRUE(store_.writes[0].where.matches(
      records::make_record(*records::read_document(R"({"text":"b"})", {}), 1, {})));
  EXPECT_FALSE(store_.writes[0].where.matches(
      records::make_record(*records::read_document(R"({"text":"c"})", {}), 1, {})));
}

TEST_F(record_service_test, updates_one_record_only) {
  store_answers({record_of(7, R"({"id":7})")});
  EXPECT_EQ(handle(change(method::update, 7, R"({"a":1})"))->json, R"({"id":7})");
  EXPECT_EQ(store_.writes.at(0).kind, records::event_type::updated);
  EXPECT_EQ(store_.writes.at(0).id, record_id(7));

  const std::string wanted = "You can not replace multiple instances. Did you mean 'patch'?";
  EXPECT_EQ(handle(change(method::update, std::nullopt)).error().message, wanted);
  EXPECT_EQ(handle(change(method::update, 7, " [{}]")).error().message, wanted);
  EXPECT_THAT(store_.writes, SizeIs(1));
}

TEST_F(record_service_test, removes_without_a_document) {
  store_answers({record_of(7, R"({"id":7})")});
  EXPECT_EQ(handle(change(method::remove, 7, "ignored"))->json, R"({"id":7})");
  EXPECT_THAT(store_.writes.at(0).documents, IsEmpty());
}

TEST_F(record_service_test, find_pages_by_the_services_limits) {
  const auto limit_for = [&](std::string_view text) {
    call request;
    request.query = *records::query::from_query_string(text);
    EXPECT_TRUE(handle(std::move(request)).has_value());
    return store_.asked_query->limit;
  };
  EXPECT_EQ(limit_for(""), 10);
  EXPECT_EQ(limit_for("$limit=0"), 0);
  EXPECT_EQ(limit_for("$limit=20"), 20);
  EXPECT_EQ(limit_for("$limit=1000"), 50);
  EXPECT_EQ(limit_for("$limit=-1"), 10);
}

TEST_F(record_service_test, get_answers_with_the_stored_text) {
  store_.get_answer = record_of(4, R"({"text":"d","id":4})");
  EXPECT_EQ(handle(change(method::get, 4))->json, R"({"text":"d","id":4})");
  EXPECT_EQ(store_.asked_id, record_id(4));
  EXPECT_EQ(handle(change(method::get, std::nullopt)).error().code, errc::bad_request);
}

TEST_F(record_service_test, hands_on_the_stores_errors) {
  const records::error lost{errc::unavailable, "the store is away", "", std::chrono::seconds(3)};
  store_.write_answer = lost;
  store_.find_answer = lost;
  store_.get_answer = lost;
  for (const method what :
       {method::find, method::get, method::create, method::update, method::patch, method::remove}) {
    const auto refused = handle(change(what, 1));
    ASSERT_TRUE(refused.has_error()) << to_string(what);
    EXPECT_EQ(refused.error().message, "the store is away");
    EXPECT_EQ(refused.error().retry_after, std::chrono::seconds(3));
  }
}

TEST(method, is_named_as_in_feathers) {
  for (const method what :
       {method::find, method::get, method::create, method::update, method::patch, method::remove})
    EXPECT_EQ(parse_method(to_string(what)), what);
  EXPECT_EQ(parse_method("watch"), std::nullopt);
}

}  // namespace
}  // namespace flowcast::services
