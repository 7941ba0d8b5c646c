#include "http/key_set_watch.hpp"

#include <algorithm>
#include <utility>

#include "http/download.hpp"

namespace flowcast::http {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t longest_set = std::size_t{256} * 1024;
constexpr auto patience = 5s;
constexpr auto after_failure = 5s;
// A key that is not known may have been made just now, or by an attacker: so often is it looked
// for.
constexpr auto between_looks = 10s;
constexpr auto look_around = 1s;

}  // namespace

key_set_watch::key_set_watch(auth::authenticator& by, operations::log& log,
                             std::vector<std::string> urls, std::chrono::seconds refresh,
                             std::function<void()> on_change)
    : by_(by), log_(log), refresh_(refresh), on_change_(std::move(on_change)) {
  for (std::string& url : urls)
    sources_.emplace(std::move(url), source());
  if (!sources_.empty())
    thread_ = std::thread([this] { run(); });
}

key_set_watch::~key_set_watch() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wanted_.notify_one();
  if (thread_.joinable())
    thread_.join();
}

void key_set_watch::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    lock.unlock();
    const bool unknown = by_.takes_unknown_key();
    for (auto& [url, from] : sources_) {
      const clock::time_point now = clock::now();
      if (now >= from.due || (unknown && now >= from.fetched + between_looks))
        fetch(url, from);
    }
    lock.lock();
    wanted_.wait_for(lock, look_around, [this] { return stopped_; });
  }
}

void key_set_watch::fetch(const std::string& url, source& from) {
  auto got = download(url, longest_set, patience);
  std::string wrong = got ? std::string() : got.error().message;
  const bool is_new = got && *got != from.text;
  if (is_new)
    wrong = by_.take_key_set(url, *got);
  from.fetched = clock::now();
  from.due = from.fetched +
             (wrong.empty() ? refresh_ : std::min<clock::duration>(refresh_, after_failure));
  if (wrong.empty()) {
    if (is_new || from.failed)
      log_.info("fetched keys", {{"url", url}});
    from.text = *std::move(got);
    if (is_new)
      on_change_();
  } else if (!from.failed) {
    log_.error("cannot fetch keys: those that are known stay", {{"url", url}, {"reason", wrong}});
  }
  from.failed = !wrong.empty();
}

}  // namespace flowcast::http
