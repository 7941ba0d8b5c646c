#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "stores/nats_message.hpp"
#include "stores/sqlite_database.hpp"
#include "stores/sqlite_lookup.hpp"
#include "stores/store_options.hpp"
#include "stores/write_plan.hpp"

namespace flowcast::stores {

// Plans writes on this node's view, from a connection of its own: what is planned names the events
// that it was planned on, and the log decides. One thread.
class view_source final : public record_source {
 public:
  view_source(const std::filesystem::path& path, std::vector<std::int64_t> numbers,
              const store_options& options);

  // The changes of a write, or the error it completes with. An empty list changes nothing: it
  // completes with `unchanged`. Leaves the write as it is, to be planned again.
  [[nodiscard]] result<std::vector<message_change>> plan(prepared_write& from,
                                                         std::vector<records::record>& unchanged);

  // The first answer to the write's idempotency key, as far as this node knows.
  [[nodiscard]] std::optional<result<written>> first_answer(const prepared_write& of,
                                                            std::uint64_t epoch);

  bool taken(service_index service, const records::record_id& id) override;
  std::optional<records::record> current(service_index service,
                                         const records::record_id& id) override;
  std::vector<records::record> matching(service_index service, const records::query& where,
                                        std::size_t most) override;
  std::int64_t next_id(service_index /*service*/) override { return 0; }

 private:
  class snapshot;

  [[nodiscard]] result<std::vector<message_change>> create(const prepared_write& from);
  [[nodiscard]] std::uint64_t base_of(service_index service, const records::record_id& id);

  const store_options& options_;
  std::vector<records::record_fields> fields_;
  std::vector<std::int64_t> numbers_;
  sqlite_database database_;
  sqlite_lookup lookup_;
  sqlite_statement is_delayed_;
  sqlite_statement find_answer_;
};

}  // namespace flowcast::stores
