#include "hub/interest_index.hpp"

#include <cassert>
#include <utility>

namespace flowcast::hub {

namespace {

constexpr auto nowhere = static_cast<std::uint32_t>(-1);

// Looked for on the shorter side: a listener has few interests, or a key few listeners.
std::uint32_t find(const interests& of, const audience& in) {
  if (of.chosen.size() <= in.members.size()) {
    for (std::uint32_t i = 0; i < of.chosen.size(); ++i) {
      if (of.chosen[i].in == &in)
        return i;
    }
  } else {
    for (const audience_member& member : in.members) {
      if (member.of == &of)
        return member.chosen_at;
    }
  }
  return nowhere;
}

}  // namespace

bool interest_index::join(interests& of, audience& in) {
  if (find(of, in) != nowhere)
    return false;
  in.members.push_back({&of, static_cast<std::uint32_t>(of.chosen.size())});
  of.chosen.push_back({&in, static_cast<std::uint32_t>(in.members.size() - 1)});
  interest_counts& count = counts_[in.service];
  count.subscriptions.add();
  if (in.key != nullptr) {
    ++of.keys;
    count.keys.set(keyed_[in.service].size());
  }
  return true;
}

bool interest_index::choose_key(interests& of, stores::service_index service,
                                std::string_view key) {
  keyed_audiences& audiences = keyed_[service];
  auto at = audiences.find(key);
  if (at == audiences.end()) {
    at = audiences.emplace(std::string(key), audience()).first;
    at->second.service = service;
    at->second.key = &at->first;
  }
  return join(of, at->second);
}

bool interest_index::choose_whole(interests& of, stores::service_index service) {
  return join(of, whole_[service]);
}

bool interest_index::drop_key(interests& of, stores::service_index service, std::string_view key) {
  const auto at = keyed_[service].find(key);
  if (at == keyed_[service].end())
    return false;
  const std::uint32_t chosen_at = find(of, at->second);
  if (chosen_at == nowhere)
    return false;
  leave(of, chosen_at);
  return true;
}

bool interest_index::drop_whole(interests& of, stores::service_index service) {
  const std::uint32_t chosen_at = find(of, whole_[service]);
  if (chosen_at == nowhere)
    return false;
  leave(of, chosen_at);
  return true;
}

void interest_index::drop_keys(interests& of, stores::service_index service) {
  // From the end: leaving moves the last interest into the place of the one that goes.
  for (std::size_t i = of.chosen.size(); i-- > 0;) {
    const audience& in = *of.chosen[i].in;
    if (in.key != nullptr && in.service == service)
      leave(of, static_cast<std::uint32_t>(i));
  }
}

void interest_index::narrow(interests& of, stores::service_index service,
                            std::shared_ptr<const records::key_patterns> to) {
  if (!of.allowed) {
    if (!to)
      return;
    of.allowed = std::make_unique<interests::patterns>(whole_.size());
  }
  if (to) {
    for (std::size_t i = of.chosen.size(); i-- > 0;) {
      const audience& in = *of.chosen[i].in;
      if (in.key != nullptr && in.service == service && !to->matches(*in.key))
        leave(of, static_cast<std::uint32_t>(i));
    }
  }
  (*of.allowed)[service] = std::move(to);
}

void interest_index::drop_all(interests& of) {
  while (!of.chosen.empty())
    leave(of, static_cast<std::uint32_t>(of.chosen.size() - 1));
}

void interest_index::leave(interests& of, std::uint32_t chosen_at) {
  const interest gone = of.chosen[chosen_at];
  audience& in = *gone.in;

  // In each list the last takes the place of the one that goes, and its counterpart is told of its
  // new place.
  in.members[gone.place] = in.members.back();
  in.members.pop_back();
  if (gone.place < in.members.size()) {
    const audience_member& moved = in.members[gone.place];
    moved.of->chosen[moved.chosen_at].place = gone.place;
  }
  of.chosen[chosen_at] = of.chosen.back();
  of.chosen.pop_back();
  if (chosen_at < of.chosen.size()) {
    const interest& moved = of.chosen[chosen_at];
    moved.in->members[moved.place].chosen_at = chosen_at;
  }

  interest_counts& count = counts_[in.service];
  count.subscriptions.take();
  if (in.key == nullptr)
    return;
  --of.keys;
  if (in.members.empty()) {
    keyed_audiences& audiences = keyed_[in.service];
    audiences.erase(*in.key);
    count.keys.set(audiences.size());
  }
}

const audience* interest_index::of_key(stores::service_index service, std::string_view key) const {
  const auto at = keyed_[service].find(key);
  return at == keyed_[service].end() ? nullptr : &at->second;
}

std::size_t interest_index::keys() const {
  std::size_t sum = 0;
  for (const keyed_audiences& audiences : keyed_)
    sum += audiences.size();
  return sum;
}

void interest_index::each_key(
    stores::service_index service,
    const std::function<void(std::string_view key, std::size_t members)>& visit) const {
  for (const auto& [key, in] : keyed_[service])
    visit(key, in.members.size());
}

}  // namespace flowcast::hub
