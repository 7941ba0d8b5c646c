#include "stores/page_builder.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace flowcast::stores {

namespace {

constexpr std::uint64_t spare = 1024;  // records beyond the page's end before the worst are dropped

std::uint64_t end_of_page(const records::query& query) {
  if (!query.limit) {
    return std::numeric_limits<std::uint64_t>::max();
  }
  return static_cast<std::uint64_t>(query.skip) + static_cast<std::uint64_t>(*query.limit);
}

}  // namespace

page_builder::page_builder(const records::query& query, std::string_view id_field)
    : query_(query), id_field_(id_field), sorts_(query.has_sort()), end_(end_of_page(query)) {}

bool page_builder::wants_next() const {
  return sorts_ ? end_ > 0 : total_ >= static_cast<std::uint64_t>(query_.skip) && total_ < end_;
}

void page_builder::add(records::record match) {
  ++total_;
  found_.push_back(std::move(match));
  if (sorts_ && end_ < std::numeric_limits<std::uint64_t>::max() - spare &&
      found_.size() / 2 >= end_ + spare) {
    keep_best();
  }
}

bool page_builder::full() const {
  return !sorts_ && total_ >= end_;
}

page page_builder::finish() {
  page out;
  out.total = total_;
  out.limit = query_.limit.value_or(0);
  out.skip = query_.skip;
  std::uint64_t first = 0;
  if (sorts_) {
    keep_best();
    first = std::min<std::uint64_t>(found_.size(), static_cast<std::uint64_t>(query_.skip));
  }
  for (std::uint64_t i = first; i < found_.size(); ++i) {
    out.records.push_back(query_.select(std::move(found_[i]), id_field_));
  }
  return out;
}

void page_builder::keep_best() {
  query_.sort(found_);
  if (found_.size() > end_) {
    found_.resize(end_);
  }
}

}  // namespace flowcast::stores
