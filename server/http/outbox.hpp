#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flowcast::http {

// Answers that leave together, in the order in which they were made: to wake whoever reads them is
// the most expensive part of small ones, and who reads several (a proxy, the connections of a
// Mendix runtime) is then woken once. On one thread.
template <typename Receiver>
class outbox {
 public:
  // From here to send_all(), answers may be gathered.
  void open() { open_ = true; }

  // Whether an answer of about so many bytes may be gathered.
  [[nodiscard]] bool has_room(std::size_t bytes) const {
    return open_ && bytes_.size() + bytes <= most_bytes;
  }
  // Those that are there have waited for enough others.
  [[nodiscard]] bool is_full() const {
    return answers_.size() >= most_answers || bytes_.size() >= most_bytes;
  }

  // Gathers what `append` appends to the string that it is given.
  template <typename Append>
  void gather(const Receiver& to, Append append) {
    append(bytes_);
    answers_.emplace_back(to, bytes_.size());
  }

  // Hands each answer to `send`, then calls `finish`, up to which the bytes stay, and is closed and
  // empty: what either brings about is not gathered.
  template <typename Send, typename Finish>
  void send_all(Send send, Finish finish) {
    open_ = false;
    std::size_t from = 0;
    for (const auto& [to, end] : answers_) {
      send(to, std::string_view(bytes_).substr(from, end - from));
      from = end;
    }
    finish();
    answers_.clear();
    bytes_.clear();
  }

 private:
  static constexpr std::size_t most_answers = 32;
  static constexpr std::size_t most_bytes = std::size_t{64} * 1024;

  bool open_ = false;
  std::string bytes_;
  std::vector<std::pair<Receiver, std::size_t>> answers_;  // to whom, and where it ends
};

}  // namespace flowcast::http
