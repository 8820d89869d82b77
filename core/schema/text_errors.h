#pragma once

#include <google/protobuf/io/tokenizer.h>

#include <set>
#include <string>
#include <string_view>
#include <tuple>

namespace google::protobuf {
class Descriptor;
}

namespace retake {

// What is wrong with a file in text format, as sentences with a place each: "3:5: expected ..., found ...".
// Protobuf's own complaints are put into the same words; their places are those of what they are about
// (protobuf gives the token behind it, and counts a tab as up to eight columns).
class TextErrors final : public google::protobuf::io::ErrorCollector {
 public:
  // The file holds one message of type `root`, which sentences call `rootName` ("the workspace").
  TextErrors(std::string_view text, const google::protobuf::Descriptor& root, std::string rootName)
      : m_text(text), m_root(root), m_rootName(std::move(rootName)) {}

  void AddError(int line, int column, const std::string& message) override;
  // Unknown fields: parsing goes on behind them, so that all are told at once.
  void AddWarning(int line, int column, const std::string& message) override {
    AddError(line, column, message);
  }
  // `line` and `column` as protobuf counts them.
  void add(int line, int column, const std::string& sentence);

  bool empty() const { return m_found.empty(); }
  // In the order of the text, a line each.
  std::string take() const;

 private:
  std::string placeOf(const google::protobuf::Descriptor& type) const;
  std::string noSuchField(const google::protobuf::Descriptor& type, const std::string& name) const;
  std::string noSuchValue(const std::string& name, const std::string& fieldName) const;
  std::size_t offsetOf(int line, int column) const;
  void addAt(std::size_t offset, const std::string& sentence);

  std::string_view m_text;
  const google::protobuf::Descriptor& m_root;
  std::string m_rootName;
  std::set<std::tuple<std::size_t, std::size_t, std::string>> m_found;  // line and column from 1
};

}  // namespace retake
