// The log: its order, what it keeps, and what is read of it.
#include <algorithm>

#include "contract/store_contract.hpp"

namespace flowcast::stores {
namespace {

using records::errc;
using records::event_type;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class log_contract : public store_contract {
 protected:
  static log_filter whole(service_index service = microflow) { return {service, true, {}}; }
  static log_filter keys(std::vector<std::string> wanted, service_index service = microflow) {
    return {service, false, std::move(wanted)};
  }
};

TEST_P(log_contract, tells_the_sink_before_the_publisher) {
  open();
  for (int i = 0; i < 20; ++i) {
    const written made = create("{}");
    const std::vector<records::event> told = sink().events();
    ASSERT_THAT(told, SizeIs(i + 1));
    EXPECT_EQ(told.back().offset, made.last);
    EXPECT_EQ(told.back().record.json, made.records[0].json);
    EXPECT_EQ(store().head(), made.last);
  }
}

TEST_P(log_contract, begins_at_position_0_of_an_epoch) {
  open();
  EXPECT_EQ(store().head().position, 0U);
  EXPECT_NE(store().head().epoch, 0U);
  EXPECT_THAT(read_all(store().head(), {whole()}).value(), IsEmpty());
}

TEST_P(log_contract, positions_only_grow) {
  open();
  const records::offset start = store().head();
  write both = creation(R"({"text":"a"})");
  both.documents.emplace_back(R"({"text":"b"})");
  submit(both).value();
  create("{}", chat);
  submit(change(event_type::removed, sink().events()[0].record.id.text())).value();
  const std::vector<std::uint64_t> told = positions(sink().events());
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end(), std::less_equal<>()));
  EXPECT_THAT(told, SizeIs(4));
  EXPECT_EQ(positions(read_all(start, {whole(), whole(chat)}).value()), told);
}

TEST_P(log_contract, reads_what_came_after_an_offset_of_the_keys_asked_for) {
  open();
  create(R"({"text":"a","n":1})");
  const records::offset after = create(R"({"text":"b","n":2})").last;
  create(R"({"text":"a","n":3})");
  create(R"({"text":"c","n":4})");
  create(R"({"room":"a","n":5})", chat);
  create(R"({"text":"b","n":6})");
  create(R"({"text":"a","n":7})");
  const auto numbers = [&](std::vector<log_filter> filters) {
    std::vector<char> out;
    for (const std::string& json : jsons(read_all(after, std::move(filters)).value())) {
      out.push_back(json[json.find("\"n\":") + 4]);
    }
    return out;
  };
  EXPECT_THAT(numbers({keys({"a"})}), ElementsAre('3', '7'));
  EXPECT_THAT(numbers({keys({"b", "a", "a"})}), ElementsAre('3', '6', '7'));
  EXPECT_THAT(numbers({keys({"none"})}), IsEmpty());
  EXPECT_THAT(numbers({}), IsEmpty());
  EXPECT_THAT(numbers({whole()}), ElementsAre('3', '4', '6', '7'));
  EXPECT_THAT(numbers({keys({"a"}), whole(chat)}), ElementsAre('3', '5', '7'));
  EXPECT_THAT(numbers({whole(), keys({"a"}, chat)}), ElementsAre('3', '4', '5', '6', '7'));
}

TEST_P(log_contract, gives_events_as_they_were) {
  open();
  const records::offset start = store().head();
  create(R"({"id":"x","text":"a"})");
  submit(change(event_type::patched, "x", R"({"text":"b"})")).value();
  submit(change(event_type::removed, "x")).value();
  EXPECT_THAT(jsons(read_all(start, {whole()}).value()),
              ElementsAre(R"({"id":"x","text":"a"})", R"({"id":"x","text":"b"})",
                          R"({"id":"x","text":"b"})"));
  const auto of_b = read_all(start, {keys({"b"})}).value();
  ASSERT_THAT(of_b, SizeIs(2));
  EXPECT_EQ(of_b[0].type, event_type::patched);
  EXPECT_EQ(of_b[1].type, event_type::removed);
  EXPECT_EQ(of_b[1].record.id.text(), "x");
}

TEST_P(log_contract, is_read_in_pages_up_to_a_position) {
  open();
  const records::offset start = store().head();
  for (int i = 0; i < 10; ++i) {
    create(R"({"text":"k"})");
  }
  const std::vector<std::uint64_t> all = positions(sink().events());
  for (const log_filter& filter : {whole(), keys({"k"})}) {
    log_read request;
    request.filters = {filter};
    request.after = start;
    request.up_to = all[6];
    request.max_events = 4;
    const log_page first = read(request).value();
    EXPECT_THAT(positions(first.events), ElementsAre(all[0], all[1], all[2], all[3]));
    EXPECT_FALSE(first.complete);
    request.after.position = first.next;
    const log_page second = read(request).value();
    EXPECT_THAT(positions(second.events), ElementsAre(all[4], all[5], all[6]));
    EXPECT_TRUE(second.complete);
    EXPECT_EQ(second.next, all[6]);

    request.after = start;
    request.max_bytes = 1;
    EXPECT_THAT(read(request).value().events, SizeIs(1));
  }
}

TEST_P(log_contract, knows_an_offset_that_is_not_its_own) {
  open();
  const records::offset head = create("{}").last;
  EXPECT_EQ(code_of(read_all({head.epoch + 1, head.position}, {whole()})), errc::offset_gone);
  EXPECT_EQ(code_of(read_all({head.epoch, head.position + 1}, {whole()})), errc::offset_gone);
  EXPECT_TRUE(read_all(head, {whole()}));
}

TEST_P(log_contract, trims_by_count) {
  options_.services[microflow].keep.max_events = 3;
  open();
  std::vector<records::offset> offsets{store().head()};
  for (int i = 0; i < 6; ++i) {
    offsets.push_back(create(R"({"text":"k"})").last);
    create(R"({"room":"r"})", chat);
  }
  create("{}", chat);
  EXPECT_TRUE(comes_true([&] { return find("").value().total == 3; }));
  EXPECT_EQ(find("$limit=1", chat).value().total, 7U);
  EXPECT_EQ(code_of(read_all(offsets[2], {whole()})), errc::offset_gone);
  EXPECT_EQ(code_of(read_all(offsets[2], {keys({"k"})})), errc::offset_gone);
  EXPECT_THAT(read_all(offsets[3], {whole()}).value(), SizeIs(3));
  EXPECT_THAT(read_all(offsets[0], {whole(chat)}).value(), SizeIs(7));
}

TEST_P(log_contract, trims_by_size) {
  options_.services[microflow].keep.max_bytes = 300;
  open();
  for (int i = 0; i < 10; ++i) {
    create(R"({"text":")" + std::string(80, 'x') + "\"}");
  }
  create("{}", chat);
  EXPECT_TRUE(comes_true([&] { return find("").value().total == 3; }));
}

TEST_P(log_contract, trims_by_age) {
  options_.services[microflow].keep.max_age = std::chrono::seconds(60);
  options_.now = clock_.reader();
  open();
  const records::offset start = store().head();
  create(R"({"text":"old"})");
  clock_.advance(std::chrono::seconds(50));
  const records::offset between = create(R"({"text":"young"})", microflow).last;
  clock_.advance(std::chrono::seconds(20));
  create("{}", chat);
  create("{}", chat);
  EXPECT_TRUE(comes_true([&] { return find("").value().total == 1; }));
  EXPECT_TRUE(comes_true([&] { return code_of(read_all(start, {whole()})) == errc::offset_gone; }));
  EXPECT_TRUE(read_all(between, {whole()}));
}

TEST_P(log_contract, keeps_a_record_as_long_as_its_last_event) {
  options_.services[microflow].keep.max_events = 3;
  open();
  create(R"({"id":"kept"})");
  create(R"({"id":"gone"})");
  submit(change(event_type::patched, "kept", R"({"n":1})")).value();
  create(R"({"id":"new"})");
  create(R"({"id":"newer"})");
  create("{}", chat);
  EXPECT_TRUE(comes_true([&] { return code_of(get("gone")) == errc::not_found; }));
  EXPECT_EQ(get("kept").value().json, R"({"id":"kept","n":1})");
  EXPECT_TRUE(create(R"({"id":"gone"})").last.position > 0);
}

INSTANTIATE_TEST_SUITE_P(stores, log_contract, testing::ValuesIn(store_kinds()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace flowcast::stores
