#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "records/query.hpp"
#include "stores/event_store.hpp"

namespace flowcast::stores {

// Makes a page of the records that match a query, given in the store's order, and holds no more of
// them than it needs: those of the page, or of all pages up to it where they are to be sorted.
class page_builder {
 public:
  page_builder(const records::query& query, std::string_view id_field);

  // Whether the next matching record is one to add(); otherwise pass() tells of it.
  [[nodiscard]] bool wants_next() const;
  void add(records::record match);
  void pass(std::uint64_t count = 1) { total_ += count; }

  // Whether no later record can be on the page.
  [[nodiscard]] bool full() const;
  // Where the count of all matches is known otherwise, once full().
  void set_total(std::uint64_t total) { total_ = total; }

  [[nodiscard]] page finish();

 private:
  void keep_best();

  const records::query& query_;
  std::string_view id_field_;
  bool sorts_;
  std::uint64_t end_;  // of the page: how many records come before its end
  std::uint64_t total_ = 0;
  std::vector<records::record> found_;
};

}  // namespace flowcast::stores
