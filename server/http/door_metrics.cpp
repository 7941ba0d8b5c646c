#include "http/door_metrics.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace flowcast::http {

using operations::metric_kind;

void door_metrics::write_metrics(operations::metric_text& to) const {
  std::uint64_t speak_http = 0;
  std::uint64_t unsent = 0;
  std::array<std::uint64_t, answer_classes> answers = {};
  for (const auto& door : *doors_) {
    speak_http += door->connections();
    unsent += door->unsent_bytes();
    for (std::size_t i = 0; i < answer_classes; ++i)
      answers[i] += door->answers()[i].value();
  }
  to.family("flowcast_connections", metric_kind::gauge,
            "Connections that are open, by what they speak; polling sessions come and go by http.");
  to.sample({{"transport", "http"}}, speak_http);
  to.sample({{"transport", "websocket"}}, sessions_->websockets());

  to.gauge("flowcast_http_queue_bytes",
           "Bytes of answers that wait for clients that are slow to read.", unsent);
  to.family("flowcast_http_responses_total", metric_kind::counter,
            "HTTP requests answered, by the class of the status.");
  constexpr std::array<std::string_view, answer_classes> names = {"1xx", "2xx", "3xx", "4xx",
                                                                  "5xx"};
  for (std::size_t i = 0; i < answer_classes; ++i)
    to.sample({{"code", names[i]}}, answers[i]);
}

}  // namespace flowcast::http
