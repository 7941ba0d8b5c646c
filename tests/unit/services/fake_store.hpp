#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "stores/event_store.hpp"

namespace flowcast::services {

// Keeps what it was asked, and answers at once with what it was told to.
class fake_store final : public stores::event_store {
 public:
  void start(stores::event_sink& /*sink*/) override {}
  void stop() override {}

  void submit(stores::write request, stores::completion<stores::written> done) override {
    writes.push_back(std::move(request));
    done(write_answer);
  }
  void find(stores::service_index service, records::query query,
            stores::completion<stores::page> done) override {
    asked_service = service;
    asked_query = std::move(query);
    done(find_answer);
  }
  void get(stores::service_index service, records::record_id id, records::query query,
           stores::completion<records::record> done) override {
    asked_service = service;
    asked_id = std::move(id);
    asked_query = std::move(query);
    done(get_answer);
  }
  void read_log(stores::log_read /*request*/,
                stores::completion<stores::log_page> /*done*/) override {}
  [[nodiscard]] records::offset head() const override { return {}; }
  [[nodiscard]] stores::store_condition condition() const override { return {true, {}, 0, 0}; }

  std::vector<stores::write> writes;
  stores::service_index asked_service = 0;
  std::optional<records::record_id> asked_id;
  std::optional<records::query> asked_query;

  records::result<stores::written> write_answer = stores::written{};
  records::result<stores::page> find_answer = stores::page{};
  records::result<records::record> get_answer = records::record{};
};

}  // namespace flowcast::services
