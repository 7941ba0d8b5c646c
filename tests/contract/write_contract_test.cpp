// What a write changes, and what it answers.
#include "contract/store_contract.hpp"

namespace flowcast::stores {
namespace {

using records::errc;
using records::event_type;
using testing::ElementsAre;
using testing::IsEmpty;

class write_contract : public store_contract {};

TEST_P(write_contract, creates_a_record_with_an_id_behind_what_came) {
  open();
  const written made = create(R"({"text":"guid"})");
  ASSERT_EQ(made.records.size(), 1U);
  const records::record& record = made.records.front();
  EXPECT_EQ(record.json, R"({"text":"guid","id":)" + record.id.text() + "}");
  EXPECT_EQ(record.key, "guid");
  EXPECT_EQ(get(record.id.text()).value().json, record.json);
  EXPECT_EQ(made.last, store().head());
  EXPECT_FALSE(made.replayed);
}

TEST_P(write_contract, counts_ids_from_the_start_id) {
  if (!GetParam().numbers_by_one) {
    GTEST_SKIP() << "ids only grow";
  }
  options_.services[chat].start_id = 0;
  open();
  EXPECT_EQ(create("{}").records[0].json, R"({"id":1})");
  EXPECT_EQ(create("{}").records[0].json, R"({"id":2})");
  EXPECT_EQ(create("{}", chat).records[0].json, R"({"id":0})");
}

TEST_P(write_contract, takes_a_clients_id_once) {
  open();
  EXPECT_EQ(create(R"({"id":"own","text":"x"})").records[0].json, R"({"id":"own","text":"x"})");
  EXPECT_EQ(code_of(submit(creation(R"({"id":"own"})"))), errc::conflict);
  create(R"({"id":700,"text":"x"})");
  EXPECT_EQ(code_of(submit(creation(R"({"id":"700"})"))), errc::conflict);
  EXPECT_EQ(get("own").value().json, R"({"id":"own","text":"x"})");
  EXPECT_EQ(sink().events().size(), 2U);
}

TEST_P(write_contract, passes_over_ids_that_clients_took) {
  open();
  const std::int64_t first = create("{}").records[0].id.number().value();
  create(R"({"id":)" + std::to_string(first + 1) + "}");
  create(R"({"id":)" + std::to_string(first + 2) + "}");
  EXPECT_GT(create("{}").records[0].id.number().value(), first + 2);
}

TEST_P(write_contract, keeps_services_apart) {
  open();
  create(R"({"id":"own"})");
  create(R"({"id":"own","room":"r"})", chat);
  EXPECT_EQ(get("own", chat).value().key, "r");
  EXPECT_EQ(find("").value().total, 1U);
}

TEST_P(write_contract, creates_all_of_an_array_or_none) {
  open();
  write many = creation(R"({"text":"a"})");
  many.documents.emplace_back(R"({"text":"b"})");
  const written made = submit(many).value();
  EXPECT_EQ(made.records.size(), 2U);
  EXPECT_EQ(made.last.position, sink().events().back().offset.position);

  create(R"({"id":"own"})");
  many.documents = {R"({"text":"c"})", R"({"id":"own"})"};
  EXPECT_EQ(code_of(submit(many)), errc::conflict);
  many.documents = {R"({"id":"twice"})", R"({"id":"twice"})"};
  EXPECT_EQ(code_of(submit(many)), errc::conflict);
  many.documents = {R"({"text":"d"})", "[]"};
  EXPECT_EQ(code_of(submit(many)), errc::bad_request);
  EXPECT_EQ(find("").value().total, 3U);
  EXPECT_EQ(sink().events().size(), 3U);
  many.documents.clear();
  EXPECT_THAT(submit(many).value().records, IsEmpty());
}

TEST_P(write_contract, updates_patches_and_removes_one) {
  open();
  create(R"({"id":"a","text":"one","n":1})");
  EXPECT_EQ(submit(change(event_type::patched, "a", R"({"n":2})")).value().records[0].json,
            R"({"id":"a","text":"one","n":2})");
  EXPECT_EQ(submit(change(event_type::updated, "a", R"({"text":"two"})")).value().records[0].json,
            R"({"text":"two","id":"a"})");
  EXPECT_EQ(get("a").value().key, "two");
  EXPECT_EQ(submit(change(event_type::removed, "a")).value().records[0].json,
            R"({"text":"two","id":"a"})");
  EXPECT_EQ(code_of(get("a")), errc::not_found);
  std::vector<event_type> types;
  for (const records::event& each : sink().events()) {
    types.push_back(each.type);
  }
  EXPECT_THAT(types, ElementsAre(event_type::created, event_type::patched, event_type::updated,
                                 event_type::removed));
}

TEST_P(write_contract, changes_nothing_that_is_not_there) {
  open();
  for (const event_type kind : {event_type::updated, event_type::patched, event_type::removed}) {
    const auto outcome = submit(change(kind, "999", kind == event_type::removed ? "" : "{}"));
    EXPECT_EQ(message_of(outcome), "No record found for id '999'");
  }
  create(R"({"id":1000,"text":"a"})");
  write mismatch = change(event_type::removed, "1000");
  mismatch.where = records::query::from_query_string("text=b").value();
  EXPECT_EQ(code_of(submit(mismatch)), errc::not_found);
  EXPECT_EQ(sink().events().size(), 1U);
}

TEST_P(write_contract, changes_all_that_match_in_their_order) {
  open();
  create(R"({"id":20,"text":"a"})");
  create(R"({"id":"name","text":"a"})");
  create(R"({"id":3,"text":"a"})");
  create(R"({"id":4,"text":"b"})");
  write patch;
  patch.kind = event_type::patched;
  patch.documents = {R"({"m":1})"};
  patch.where = records::query::from_query_string("text=a").value();
  EXPECT_THAT(jsons(submit(patch).value().records),
              ElementsAre(R"({"id":3,"text":"a","m":1})", R"({"id":20,"text":"a","m":1})",
                          R"({"id":"name","text":"a","m":1})"));
  write remove;
  remove.kind = event_type::removed;
  EXPECT_EQ(submit(remove).value().records.size(), 4U);
  EXPECT_EQ(find("").value().total, 0U);
  EXPECT_THAT(submit(remove).value().records, IsEmpty());
}

TEST_P(write_contract, refuses_to_change_too_many) {
  options_.most_changes = 2;
  open();
  for (int i = 0; i < 3; ++i) {
    create("{}");
  }
  write remove;
  remove.kind = event_type::removed;
  EXPECT_EQ(code_of(submit(remove)), errc::bad_request);
  EXPECT_EQ(find("").value().total, 3U);
}

TEST_P(write_contract, does_not_give_a_removed_id_again) {
  open();
  const std::int64_t id = create("{}").records[0].id.number().value();
  submit(change(event_type::removed, std::to_string(id))).value();
  EXPECT_GT(create("{}").records[0].id.number().value(), id);
}

TEST_P(write_contract, lets_the_caller_decide_on_the_current_record) {
  open();
  write lease = change(event_type::created, "lock");
  lease.decide = [](const records::record* current) -> result<std::vector<decided_change>> {
    if (current != nullptr) {
      return records::error{errc::conflict, "held", {}, {}};
    }
    return std::vector<decided_change>{{event_type::created, R"({"holder":"a"})"}};
  };
  EXPECT_EQ(submit(lease).value().records[0].json, R"({"holder":"a","id":"lock"})");
  EXPECT_EQ(message_of(submit(lease)), "held");

  lease.decide = [](const records::record* current) -> result<std::vector<decided_change>> {
    EXPECT_NE(current, nullptr);
    return std::vector<decided_change>{{event_type::patched, R"({"holder":"b"})"}};
  };
  EXPECT_EQ(submit(lease).value().records[0].json, R"({"holder":"b","id":"lock"})");
  EXPECT_EQ(sink().events().back().type, event_type::patched);

  write leave = change(event_type::removed, "lock");
  leave.decide = [](const records::record*) -> result<std::vector<decided_change>> {
    return std::vector<decided_change>();
  };
  EXPECT_EQ(submit(leave).value().records[0].json, R"({"holder":"b","id":"lock"})");
  EXPECT_EQ(sink().events().size(), 2U);
  leave.decide = [](const records::record*) -> result<std::vector<decided_change>> {
    return std::vector<decided_change>{{event_type::removed, {}}};
  };
  EXPECT_EQ(submit(leave).value().records[0].json, R"({"holder":"b","id":"lock"})");
  EXPECT_EQ(sink().events().back().type, event_type::removed);
  EXPECT_EQ(code_of(get("lock")), errc::not_found);
  EXPECT_THAT(submit(leave).value().records, IsEmpty());
}

TEST_P(write_contract, makes_several_decided_changes_of_one_record_in_one_go) {
  open();
  write make = change(event_type::created, "lock");
  make.decide = [](const records::record*) -> result<std::vector<decided_change>> {
    return std::vector<decided_change>{{event_type::created, R"({"holder":"a"})"}};
  };
  submit(make).value();
  write take_over = change(event_type::created, "lock");
  take_over.decide = [](const records::record*) -> result<std::vector<decided_change>> {
    return std::vector<decided_change>{{event_type::removed, R"({"holder":"a","gone":true})"},
                                       {event_type::created, R"({"holder":"b"})"}};
  };
  const written done = submit(take_over).value();
  EXPECT_THAT(jsons(done.records), ElementsAre(R"({"holder":"a","gone":true,"id":"lock"})",
                                               R"({"holder":"b","id":"lock"})"));
  const auto events = sink().events();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[1].type, event_type::removed);
  EXPECT_EQ(events[1].record.json, R"({"holder":"a","gone":true,"id":"lock"})");
  EXPECT_EQ(events[2].type, event_type::created);
  EXPECT_EQ(events[2].offset, done.last);
  EXPECT_EQ(get("lock").value().json, R"({"holder":"b","id":"lock"})");
  EXPECT_EQ(find("").value().total, 1U);
}

TEST_P(write_contract, gives_a_record_the_position_of_its_event_where_it_has_none) {
  options_.services[chat].id_field = "room";
  options_.services[chat].position_field = "fence";
  open();
  create("{}");
  const auto take = [&](std::string document) {
    write request = change(event_type::created, "42", {}, chat);
    request.decide =
        [document](const records::record* current) -> result<std::vector<decided_change>> {
      return std::vector<decided_change>{
          {current == nullptr ? event_type::created : event_type::patched, document}};
    };
    return submit(request).value();
  };
  // A key that reads as a number stays the text that it is.
  const written first = take(R"({"room":"42"})");
  const std::string fence = std::to_string(first.last.position);
  EXPECT_EQ(first.records[0].json, R"({"room":"42","fence":)" + fence + "}");
  EXPECT_EQ(take(R"({"room":"42","fence":)" + fence + "}").records[0].json, first.records[0].json);
  const written again = take(R"({"room":"42"})");
  EXPECT_EQ(again.records[0].json,
            R"({"room":"42","fence":)" + std::to_string(again.last.position) + "}");
  EXPECT_EQ(get("42", chat).value().json, again.records[0].json);
  EXPECT_EQ(sink().events().back().record.json, again.records[0].json);
}

TEST_P(write_contract, refuses_what_is_no_write) {
  open();
  for (const char* json : {"", "5", "[]", "{", R"({"id":{}})"}) {
    EXPECT_EQ(code_of(submit(creation(json))), errc::bad_request) << json;
  }
  write update;
  update.kind = event_type::updated;
  update.documents = {"{}"};
  EXPECT_EQ(message_of(submit(update)),
            "You can not replace multiple instances. Did you mean 'patch'?");
  EXPECT_EQ(code_of(submit(change(event_type::patched, "1"))), errc::bad_request);
  EXPECT_THAT(sink().events(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(stores, write_contract, testing::ValuesIn(store_kinds()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace flowcast::stores
