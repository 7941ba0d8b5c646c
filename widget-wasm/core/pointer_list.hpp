#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace flowcast::core {

// Pointers in a row. What the two templates below share, whatever they point to: in WebAssembly
// each further instantiation of std::vector is half a kilobyte that every page loads.
class pointer_row {
 public:
  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] bool empty() const { return items_.empty(); }

 protected:
  pointer_row() = default;
  void insert(std::size_t at, void* item);
  void erase(std::size_t at);

  std::vector<void*> items_;
};

// Where `T`s are, for range-for.
template <class T>
class pointer_iterator {
 public:
  explicit pointer_iterator(void* const* at) : at_(at) {}
  [[nodiscard]] T& operator*() const { return *static_cast<T*>(*at_); }
  pointer_iterator& operator++() {
    ++at_;
    return *this;
  }
  [[nodiscard]] bool operator==(const pointer_iterator& other) const = default;

 private:
  void* const* at_;
};

// A row of objects that it owns; they keep their addresses.
template <class T>
class pointer_list : public pointer_row {
 public:
  pointer_list() = default;
  pointer_list(const pointer_list&) = delete;
  pointer_list& operator=(const pointer_list&) = delete;
  ~pointer_list() {
    erase_if([](const T&) { return true; });
  }

  [[nodiscard]] T& operator[](std::size_t at) const { return *static_cast<T*>(items_[at]); }
  [[nodiscard]] pointer_iterator<T> begin() const { return pointer_iterator<T>(items_.data()); }
  [[nodiscard]] pointer_iterator<T> end() const {
    return pointer_iterator<T>(items_.data() + items_.size());
  }

  // Makes one there.
  T& insert(std::size_t at) {
    T* const made = new T();
    pointer_row::insert(at, made);
    return *made;
  }
  T& add() { return insert(size()); }

  template <class Gone>
  void erase_if(Gone gone) {
    for (std::size_t at = size(); at-- != 0;) {
      if (gone((*this)[at])) {
        delete &(*this)[at];
        erase(at);
      }
    }
  }

  // Where the first one is that is not `before`, or size(); those that are come first.
  template <class Before>
  [[nodiscard]] std::size_t place(Before before) const {
    std::size_t from = 0;
    std::size_t to = size();
    while (from != to) {
      const std::size_t middle = from + (to - from) / 2;
      if (before((*this)[middle])) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }
};

// A set of objects that others own. Small: it is searched from end to end.
template <class T>
class pointer_set : public pointer_row {
 public:
  [[nodiscard]] pointer_iterator<T> begin() const { return pointer_iterator<T>(items_.data()); }
  [[nodiscard]] pointer_iterator<T> end() const {
    return pointer_iterator<T>(items_.data() + items_.size());
  }

  [[nodiscard]] bool contains(const T& item) const { return place(item) != size(); }

  // False if it was there.
  bool add(T& item) {
    const bool added = !contains(item);
    if (added) {
      insert(size(), &item);
    }
    return added;
  }
  // False if it was not.
  bool remove(const T& item) {
    const std::size_t at = place(item);
    const bool found = at != size();
    if (found) {
      erase(at);
    }
    return found;
  }

 private:
  [[nodiscard]] std::size_t place(const T& item) const {
    return static_cast<std::size_t>(std::find(items_.begin(), items_.end(), &item) -
                                    items_.begin());
  }
};

}  // namespace flowcast::core
