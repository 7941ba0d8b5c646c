#include "contract/store_contract.hpp"

#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <utility>

namespace flowcast::stores {

namespace {

template <class T, class Call>
result<T> answer_of(const Call& call) {
  auto promise = std::make_shared<std::promise<result<T>>>();
  std::future<result<T>> answer = promise->get_future();
  call([promise](result<T> outcome) { promise->set_value(std::move(outcome)); });
  if (answer.wait_for(patience) != std::future_status::ready) {
    throw std::runtime_error("the store did not answer");
  }
  return answer.get();
}

std::filesystem::path fresh_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "flowcast-store-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("no directory for the test in " + name);
  }
  return name;
}

}  // namespace

void recording_sink::on_events(std::shared_ptr<const std::vector<records::event>> batch) {
  {
    const std::lock_guard lock(mutex_);
    events_.insert(events_.end(), batch->begin(), batch->end());
  }
  grown_.notify_all();
}

std::vector<records::event> recording_sink::events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

bool recording_sink::wait_for(std::size_t count) const {
  std::unique_lock lock(mutex_);
  return grown_.wait_for(lock, patience, [&] { return events_.size() >= count; });
}

store_contract::store_contract() : own_directory_(fresh_directory()), directory_(own_directory_) {
  service_definition first;
  first.name = "microflow";
  service_definition second;
  second.name = "chat";
  second.key_field = "room";
  options_.services = {first, second};
}

store_contract::~store_contract() {
  close();
  std::filesystem::remove_all(own_directory_);
}

void store_contract::open() {
  open_with([](event_store& store, event_sink& sink) { store.start(sink); });
}

void store_contract::close() {
  if (store_) {
    store_->stop();
    store_.reset();
  }
}

result<written> store_contract::submit(write request) {
  return answer_of<written>(
      [&](completion<written> done) { store_->submit(std::move(request), std::move(done)); });
}

std::future<result<written>> store_contract::submit_later(write request) {
  auto promise = std::make_shared<std::promise<result<written>>>();
  std::future<result<written>> answer = promise->get_future();
  store_->submit(std::move(request),
                 [promise](result<written> outcome) { promise->set_value(std::move(outcome)); });
  return answer;
}

written store_contract::create(std::string json, service_index service) {
  return submit(creation(std::move(json), service)).value();
}

result<page> store_contract::find(std::string_view query_string, service_index service) {
  records::query query = records::query::from_query_string(query_string).value();
  return answer_of<page>(
      [&](completion<page> done) { store_->find(service, std::move(query), std::move(done)); });
}

result<records::record> store_contract::get(std::string_view id, service_index service,
                                            std::string_view query_string) {
  records::query query = records::query::from_query_string(query_string).value();
  return answer_of<records::record>([&](completion<records::record> done) {
    store_->get(service, records::record_id::from_text(id), std::move(query), std::move(done));
  });
}

result<log_page> store_contract::read(log_read request) {
  return answer_of<log_page>(
      [&](completion<log_page> done) { store_->read_log(std::move(request), std::move(done)); });
}

result<std::vector<records::event>> store_contract::read_all(records::offset after,
                                                             std::vector<log_filter> filters) {
  log_read request;
  request.filters = std::move(filters);
  request.after = after;
  request.up_to = std::numeric_limits<std::uint64_t>::max();
  std::vector<records::event> all;
  while (true) {
    auto page = read(request);
    if (!page) {
      return page.error();
    }
    all.insert(all.end(), page->events.begin(), page->events.end());
    if (page->complete) {
      return all;
    }
    request.after.position = page->next;
  }
}

write creation(std::string json, service_index service) {
  write request;
  request.service = service;
  request.documents.push_back(std::move(json));
  return request;
}

write change(records::event_type kind, std::string_view id, std::string json,
             service_index service) {
  write request;
  request.service = service;
  request.kind = kind;
  request.id = records::record_id::from_text(id);
  if (!json.empty()) {
    request.documents.push_back(std::move(json));
  }
  return request;
}

std::vector<std::string> jsons(const std::vector<records::record>& of) {
  std::vector<std::string> out;
  for (const records::record& each : of) {
    out.push_back(each.json);
  }
  return out;
}

std::vector<std::string> jsons(const std::vector<records::event>& of) {
  std::vector<std::string> out;
  for (const records::event& each : of) {
    out.push_back(each.record.json);
  }
  return out;
}

std::vector<std::uint64_t> positions(const std::vector<records::event>& of) {
  std::vector<std::uint64_t> out;
  for (const records::event& each : of) {
    out.push_back(each.offset.position);
  }
  return out;
}

}  // namespace flowcast::stores
