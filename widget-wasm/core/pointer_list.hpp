#pragma once

#include <cstddef>
#include <memory>

namespace flowcast::core {

// Pointers in a row. What the two templates below share, whatever they point to, and smaller than
// std::vector, each instantiation of which is half a kilobyte that every page loads.
class pointer_row {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 protected:
  pointer_row() = default;
  void insert(std::size_t at, void* item);
  void erase(std::size_t at);
  // Where `item` is, or size().
  [[nodiscard]] std::size_t find(const void* item) const;
  [[nodiscard]] void* const* items() const { return items_.get(); }

 private:
  std::unique_ptr<void*[]> items_;
  std::size_t size_ = 0;
  std::size_t room_ = 0;
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

  [[nodiscard]] T& operator[](std::size_t at) const { return *static_cast<T*>(items()[at]); }
  [[nodiscard]] pointer_iterator<T> begin() const { return pointer_iterator<T>(items()); }
  [[nodiscard]] pointer_iterator<T> end() const { return pointer_iterator<T>(items() + size()); }

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
  [[nodiscard]] pointer_iterator<T> begin() const { return pointer_iterator<T>(items()); }
  [[nodiscard]] pointer_iterator<T> end() const { return pointer_iterator<T>(items() + size()); }

  [[nodiscard]] bool contains(const T& item) const { return find(&item) != size(); }

  // Idempotent, both.
  void add(T& item) {
    if (!contains(item)) {
      insert(size(), &item);
    }
  }
  void remove(const T& item) {
    if (const std::size_t at = find(&item); at != size()) {
      erase(at);
    }
  }
};

}  // namespace flowcast::core
