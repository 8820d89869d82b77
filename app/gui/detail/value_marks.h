#pragma once

#include <QString>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace retake::gui {

// What a layer would make of one value of an entry.
struct ValueMark {
  bool inMessage = true;  // else of its status, headers or trailers, as `place` says
  QString place = {};     // "status", "headers"; where it is not in the message
  std::string path =
      {};               // of the field (schema/field_path.h), or within what the field holds; a metadata key
  QString before = {};  // the value, or the part of it that changes
  QString after = {};
  bool removed = false;
  QString rule = {};  // whose doing it is
};

// The marks of one message, by the fields of its tree.
class ValueMarks {
 public:
  ValueMarks() = default;
  explicit ValueMarks(const std::vector<ValueMark>& marks);  // those of the message

  bool isEmpty() const { return m_marks.empty(); }

  // What is shown in place of a field's value.
  struct Shown {
    bool marked = false;
    bool removed = false;
    QString after;    // of the value as a whole; empty where it is removed
    QString rules;    // "Tokens, E-mail"
    QString changes;  // "sk_live_1 → [scrubbed]", a line each
  };
  // `value` is what the tree has for the field; what lies within a leaf (JSON, base64) is shown at the leaf.
  Shown of(std::string_view path, bool isLeaf, const QString& value) const;

 private:
  // By path without quotes around keys: trees and rules write the keys of maps of numbers differently.
  std::multimap<std::string, ValueMark, std::less<>> m_marks;
};

}  // namespace retake::gui
