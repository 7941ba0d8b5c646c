#include "stores/log_tail.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "stores/log_page_builder.hpp"
#include "stores/wanted_events.hpp"

namespace flowcast::stores {

namespace {

// Positions. Each lookup of a key in a large index waits for memory; those of many at once wait
// together.
constexpr std::uint64_t index_batch = 64;

}  // namespace

void log_tail::append(std::shared_ptr<const records::event> event) {
  const std::uint64_t position = event->offset.position;
  bytes_ += weight(*event);
  const std::uint64_t slot = slot_of(event->service, event->record.key);
  entries_.push_back({position, slot, 0, std::move(event)});
  if (position - indexed_ >= index_batch) {
    index_newest();
  }
}

void log_tail::index_newest() {
  auto at = entries_.begin() + static_cast<std::ptrdiff_t>(index_after(indexed_));
  for (; at != entries_.end(); ++at) {
    if (at->slot != 0) {
      at->previous = std::exchange(last_[at->slot], at->position);
    }
    indexed_ = at->position;
  }
}

std::shared_ptr<const records::event> log_tail::find(std::uint64_t position) const {
  const entry* const found = lookup(position);
  return found == nullptr ? nullptr : found->event;
}

std::shared_ptr<const records::event> log_tail::next_of(service_index service,
                                                        std::uint64_t after) const {
  for (std::size_t i = index_after(after); i < entries_.size(); ++i) {
    if (entries_[i].event && entries_[i].event->service == service) {
      return entries_[i].event;
    }
  }
  return nullptr;
}

void log_tail::erase(std::uint64_t position) {
  const std::size_t index = index_after(position - 1);
  if (index == entries_.size() || entries_[index].position != position) {
    return;
  }
  release(entries_[index]);
  while (!entries_.empty() && !entries_.front().event) {
    pop_front();
  }
}

void log_tail::shrink_to(std::size_t bytes) {
  while (bytes_ > bytes && !entries_.empty()) {
    release(entries_.front());
    pop_front();
  }
}

void log_tail::clear() {
  entries_.clear();
  last_.clear();
  bytes_ = 0;
}

log_page log_tail::read(const log_read& request) {
  const bool keys_alone = std::none_of(request.filters.begin(), request.filters.end(),
                                       [](const log_filter& filter) { return filter.whole; });
  return keys_alone ? read_keys(request) : read_all(request);
}

log_page log_tail::read_keys(const log_read& request) {
  index_newest();
  std::vector<const entry*> found;
  for (const log_filter& filter : request.filters) {
    for (const std::string& key : filter.keys) {
      const auto last = last_.find(slot_of(filter.service, key));
      std::uint64_t at = last == last_.end() ? 0 : last->second;
      while (at > request.after.position) {
        const entry* const candidate = lookup(at);
        if (candidate == nullptr) {
          break;
        }
        at = candidate->previous;
        // Slots are hashes: another key may share one.
        if (candidate->position <= request.up_to && candidate->event &&
            candidate->event->service == filter.service && candidate->event->record.key == key) {
          found.push_back(candidate);
        }
      }
    }
  }
  std::sort(found.begin(), found.end(),
            [](const entry* a, const entry* b) { return a->position < b->position; });
  found.erase(std::unique(found.begin(), found.end()), found.end());
  log_page_builder page(request);
  for (const entry* each : found) {
    if (!page.add(*each->event)) {
      return page.finish_full();
    }
  }
  return page.finish();
}

log_page log_tail::read_all(const log_read& request) const {
  const wanted_events wanted(request.filters);
  log_page_builder page(request);
  for (std::size_t i = index_after(request.after.position); i < entries_.size(); ++i) {
    const entry& each = entries_[i];
    if (each.position > request.up_to) {
      break;
    }
    if (each.event && wanted.contain(each.event->service, each.event->record.key) &&
        !page.add(*each.event)) {
      return page.finish_full();
    }
  }
  return page.finish();
}

std::uint64_t log_tail::slot_of(service_index service, std::string_view key) {
  if (key.empty()) {
    return 0;
  }
  const std::uint64_t hash =
      std::hash<std::string_view>()(key) ^ (std::uint64_t{service} * 0x9e3779b97f4a7c15U);
  return std::max<std::uint64_t>(hash, 1);
}

std::size_t log_tail::weight(const records::event& event) {
  return sizeof(entry) + sizeof(records::event) + event.record.json.size() +
         event.record.key.size();
}

const log_tail::entry* log_tail::lookup(std::uint64_t position) const {
  const std::size_t index = position == 0 ? entries_.size() : index_after(position - 1);
  return index < entries_.size() && entries_[index].position == position ? &entries_[index]
                                                                         : nullptr;
}

std::size_t log_tail::index_after(std::uint64_t position) const {
  if (entries_.empty() || position < entries_.front().position) {
    return 0;
  }
  // Where positions have no gaps, the place is known.
  const std::uint64_t guess = position - entries_.front().position;
  if (guess < entries_.size() && entries_[guess].position == position) {
    return guess + 1;
  }
  const auto found = std::upper_bound(
      entries_.begin(), entries_.end(), position,
      [](std::uint64_t wanted, const entry& candidate) { return wanted < candidate.position; });
  return static_cast<std::size_t>(found - entries_.begin());
}

void log_tail::release(entry& from) {
  if (!from.event) {
    return;
  }
  bytes_ -= weight(*from.event);
  from.event.reset();
}

void log_tail::pop_front() {
  const entry& oldest = entries_.front();
  before_ = oldest.position;
  const auto last = last_.find(oldest.slot);
  if (last != last_.end() && last->second == oldest.position) {
    last_.erase(last);
  }
  entries_.pop_front();
}

}  // namespace flowcast::stores
