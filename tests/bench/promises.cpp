#include "bench/promises.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace flowcast::bench {

namespace {

constexpr std::string_view us = "Flowcast";
constexpr std::string_view raw_loop = "raw epoll loop";

constexpr std::string_view a_delivery = "CPU µs a delivery";
constexpr std::string_view of_16 = "CPU µs a delivery, 16 publishes in flight";
constexpr std::string_view of_64 = "CPU µs a delivery, 64 publishes in flight";
constexpr std::string_view targeted = "CPU µs a publish that concerns 3 clients";
constexpr std::string_view idle = "KiB an idle session with a subscription";
constexpr std::string_view a_create = "CPU µs a create, memory store";
constexpr std::string_view durable = "creates a second, SQLite, 64 in flight";
constexpr std::string_view by_cores = "deliveries a second";

std::optional<double> divided(std::optional<double> a, std::optional<double> b) {
  return a && b && *b > 0 ? std::optional(*a / *b) : std::nullopt;
}

// Gathers what there are figures for.
class gathering {
 public:
  explicit gathering(const results& from) : from_(from) {}

  std::vector<promise> all() {
    deliveries();
    targets();
    sessions();
    publishes();
    whole_server();
    return std::move(all_);
  }

 private:
  void deliveries() {
    for (const std::size_t n : {1000UL, 5000UL, 9000UL}) {
      add("a delivery to " + clients(n) + ", × the raw loop",
          from_.ratio_of("fan-out", a_delivery, us, raw_loop, n), bound::at_most, 1.05);
    }
    add("Feathers 5 × ours, a delivery to " + clients(1000),
        from_.ratio_of("fan-out", a_delivery, "Feathers 5", us, 1000), bound::at_least, 2.7);
    add("Feathers 5 × ours, a delivery to " + clients(9000),
        from_.ratio_of("fan-out", a_delivery, "Feathers 5", us, 9000), bound::at_least, 3.2);
    for (const std::size_t n : {1000UL, 5000UL, 9000UL}) {
      add("a delivery to " + clients(n) + ", × uWebSockets",
          from_.ratio_of("fan-out", a_delivery, us, "uWebSockets", n), bound::at_most, 1);
    }
    for (const std::size_t n : {1000UL, 5000UL, 9000UL}) {
      const auto alone = from_.median_of("fan-out", a_delivery, us, n);
      add("16 publishes in flight to " + clients(n) + ", × one",
          divided(from_.median_of("burst", of_16, us, n), alone), bound::at_most, 0.15);
      add("64 publishes in flight to " + clients(n) + ", × one",
          divided(from_.median_of("burst", of_64, us, n), alone), bound::at_most, 0.05);
    }
    add("ms to answer a publish during a fan-out to " + clients(9000) + ", p50",
        from_.median_of("answer", "ms to answer a publish during a fan-out, p50", us, 9000),
        bound::at_most, 5);
  }

  void targets() {
    const std::size_t most = 18'000;
    add("3 of " + clients(most) + " × 3 of " + clients(999), growth(us, most), bound::at_most,
        1.15);
    // The kernel's part of that: sockets that no cache holds.
    add("the same, the raw loop", growth(raw_loop, most), bound::stated, 0);
    add("the same, ours × the raw loop", from_.ratio_of("targeted", targeted, us, raw_loop, most),
        bound::stated, 0);
    add("Feathers 5 to all × ours to 3 of " + clients(9000),
        from_.ratio_of("targeted", targeted, "Feathers 5, to all", us, 9000), bound::at_least,
        1000);
  }

  [[nodiscard]] std::optional<double> growth(std::string_view of, std::size_t most) const {
    return divided(from_.median_of("targeted", targeted, of, most),
                   from_.median_of("targeted", targeted, of, 999));
  }

  void sessions() {
    for (const std::size_t n : {10'000UL, 18'000UL}) {
      add("KiB an idle session, of " + clients(n), from_.median_of("memory", idle, us, n),
          bound::at_most, 1);
      const auto before = from_.median_of("memory", "MiB of the server before they came", us, n);
      const auto after = from_.median_of("memory", "MiB of the server after they left", us, n);
      if (before && after) {
        add("MiB more than before when " + clients(n) + " have left", *after - *before,
            bound::stated, 0);
      }
    }
  }

  void publishes() {
    add("a create over REST, × the raw loop", from_.ratio_of("create", a_create, us, raw_loop, 0),
        bound::at_most, 1.5);
    add("Feathers 5 × ours, a create", from_.ratio_of("create", a_create, "Feathers 5", us, 0),
        bound::at_least, 5);
    add("Feathers 5 × ours, a create with 10 listeners",
        from_.ratio_of("create", a_create, "Feathers 5", us, 10), bound::at_least, 12);
    add("durable creates, × the bare statements",
        from_.ratio_of("durable", durable, us, "a bare loop of the statements", 0), bound::at_least,
        0.8);
    add("ms from publish to receipt with " + clients(10'000) + ", p99",
        from_.median_of("receipt", "ms from publish to receipt, 100 a second, p99", us, 10'000),
        bound::at_most, 5);
  }

  void whole_server() {
    const auto of_two = [this](std::string_view who) {
      const std::string name(who);
      return from_.ratio_of("cores", by_cores, name + ", 2 cores", name + ", 1 core", 4000);
    };
    add("two cores × one, deliveries a second", of_two(us), bound::at_least, 1.7);
    add("the same, the raw loop", of_two(raw_loop), bound::stated, 0);
    constexpr std::string_view listening = "ms from exec to listening";
    add("ms to listening, empty store",
        from_.median_of("start", listening, "Flowcast, empty SQLite", 0), bound::at_most, 50);
    add("ms to listening, a million records",
        from_.median_of("start", listening, "Flowcast, SQLite, 1000000 records", 0), bound::at_most,
        200);
    add("ms of CPU a client that comes back, of " + clients(5000),
        from_.median_of("storm", "CPU ms a client that comes back", us, 5000), bound::at_most, 1.5);
    add("ms to answer a publisher meanwhile, p99",
        from_.median_of("storm", "ms to answer a publisher meanwhile, p99", us, 5000),
        bound::at_most, 50);
  }

  static std::string clients(std::size_t n) { return std::to_string(n); }

  void add(std::string about, std::optional<double> figure, bound is, double limit) {
    if (figure)
      all_.push_back({std::move(about), *figure, is, limit});
  }

  const results& from_;
  std::vector<promise> all_;
};

std::string_view verdict(const promise& of) {
  if (of.is == bound::stated)
    return "stated";
  return of.met() ? "met" : "NOT MET";
}

std::string bound_text(const promise& of) {
  if (of.is == bound::stated)
    return "";
  return (of.is == bound::at_most ? "≤ " : "≥ ") + rounded(of.limit);
}

}  // namespace

bool promise::met() const {
  switch (is) {
    case bound::at_most:
      return figure <= limit;
    case bound::at_least:
      return figure >= limit;
    case bound::stated:
      return true;
  }
  return false;
}

std::vector<promise> promises(const results& of) {
  return gathering(of).all();
}

std::string promise_table(const std::vector<promise>& all) {
  constexpr std::size_t about_width = 58;
  constexpr std::size_t figure_width = 10;
  constexpr std::size_t bound_width = 10;
  std::string out = "\nWhat is promised\n";
  for (const promise& each : all) {
    out += left_aligned(each.about, about_width) +
           right_aligned(rounded(each.figure), figure_width) +
           right_aligned(bound_text(each), bound_width) + "  ";
    out.append(verdict(each)).push_back('\n');
  }
  return out;
}

std::string promise_json(const std::vector<promise>& all) {
  std::string out = "[";
  for (const promise& each : all) {
    out += &each == all.data() ? "\n" : ",\n";
    out += R"(    {"promise": ")" + each.about + R"(", "figure": )" + rounded(each.figure);
    if (each.is != bound::stated) {
      out += std::string(R"(, ")") + (each.is == bound::at_most ? "at most" : "at least") +
             R"(": )" + rounded(each.limit) + R"(, "met": )" + (each.met() ? "true" : "false");
    }
    out += '}';
  }
  return out + "\n  ]";
}

}  // namespace flowcast::bench
