#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace flowcast::protocol {

enum class json_kind : std::uint8_t { absent, null, boolean, number, string, array, object };

class json_elements;
class json_members;

// A slice of a JSON text that has been checked as a whole. Only scan_json makes one from text, so
// a json_value is proof that its text is well formed, and reading it needs no further checks and
// cannot fail. It owns nothing and allocates nothing: the text must outlive it.
//
// What is not there is `absent`, JavaScript's undefined: a member that an object does not have,
// and any member or element of something that is no object or array. Lookups therefore chain.
class json_value {
 public:
  json_value() = default;  // absent

  [[nodiscard]] json_kind kind() const;
  [[nodiscard]] bool is(json_kind kind) const { return this->kind() == kind; }
  [[nodiscard]] explicit operator bool() const { return !text_.empty(); }

  // The value as it was written, quotes included; empty if absent. A number is exact here,
  // whatever its size.
  [[nodiscard]] std::string_view text() const { return text_; }

  [[nodiscard]] bool is_true() const { return text_.starts_with('t'); }

  // True for a string whose content, unescaped, is `content`.
  [[nodiscard]] bool equals(std::string_view content) const;

  // A string's content, unescaped; empty for any other kind. A string without escapes is given as
  // a slice of the text; one with escapes is written to `buffer` (whatever that held is lost).
  [[nodiscard]] std::string_view string(std::string& buffer) const;

  // The member called `name` (unescaped); the last one if there are several, as in JSON.parse.
  [[nodiscard]] json_value member(std::string_view name) const;

  // The element at `index`, counted from 0: walks the array.
  [[nodiscard]] json_value element(std::size_t index) const;

  // For range-for: json_value for elements, json_member for members (duplicates are all visited).
  // Nothing to visit if this is of another kind.
  [[nodiscard]] json_elements elements() const;
  [[nodiscard]] json_members members() const;

 private:
  friend class json_scanner;
  friend class json_cursor;
  explicit json_value(std::string_view checked) : text_(checked) {}

  std::string_view text_;
};

struct json_member {
  json_value name;  // a string
  json_value value;
};

struct json_end {};

// Walks the elements of an array, or names and values of an object by turns.
class json_cursor {
 public:
  // `inside`: the checked text after the opening bracket.
  explicit json_cursor(std::string_view inside) : rest_(inside) {}

  // The next value; absent at the end.
  [[nodiscard]] json_value next();

 private:
  std::string_view rest_;
};

class json_elements {
 public:
  class iterator {
   public:
    explicit iterator(json_cursor cursor) : cursor_(cursor), value_(cursor_.next()) {}
    [[nodiscard]] const json_value& operator*() const { return value_; }
    [[nodiscard]] const json_value* operator->() const { return &value_; }
    iterator& operator++() {
      value_ = cursor_.next();
      return *this;
    }
    [[nodiscard]] bool operator==(json_end /*end*/) const { return !value_; }

   private:
    json_cursor cursor_;
    json_value value_;
  };

  explicit json_elements(json_cursor cursor) : cursor_(cursor) {}
  [[nodiscard]] iterator begin() const { return iterator(cursor_); }
  [[nodiscard]] static json_end end() { return {}; }

 private:
  json_cursor cursor_;
};

class json_members {
 public:
  class iterator {
   public:
    explicit iterator(json_cursor cursor) : cursor_(cursor) { ++*this; }
    [[nodiscard]] const json_member& operator*() const { return member_; }
    [[nodiscard]] const json_member* operator->() const { return &member_; }
    iterator& operator++() {
      member_.name = cursor_.next();
      member_.value = cursor_.next();
      return *this;
    }
    [[nodiscard]] bool operator==(json_end /*end*/) const { return !member_.name; }

   private:
    json_cursor cursor_;
    json_member member_;
  };

  explicit json_members(json_cursor cursor) : cursor_(cursor) {}
  [[nodiscard]] iterator begin() const { return iterator(cursor_); }
  [[nodiscard]] static json_end end() { return {}; }

 private:
  json_cursor cursor_;
};

}  // namespace flowcast::protocol
