#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "filter/filter_input.h"
#include "recording/entry_extras.h"
#include "recording/metadata.h"

namespace retake {

// A call of a recording as a query sees it. Reads and decodes only what it is asked for, and keeps it. Not
// thread-safe; must not outlive its input.
class CallSubject : public FilterSubject {
 public:
  // `call` is an index of input.calls.
  CallSubject(const FilterInput& input, std::uint32_t call);

  std::optional<std::string_view> word(FilterField field) const override;
  std::optional<double> number(FilterField field) const override;
  std::optional<bool> flag(FilterFlag flag) const override;
  bool messages(FilterSide side, const Visit& visit) const override;
  bool texts(const std::function<bool(std::string_view)>& visit) const override;
  bool metadata(bool trailers, std::string_view key,
                const std::function<bool(std::string_view value)>& visit) const override;
  const google::protobuf::DescriptorPool* pool() const override;

 protected:
  const FilterInput& input() const { return m_input; }
  const Call& call() const { return m_call; }
  bool visitMessage(std::uint32_t position, const Visit& visit, bool& goOn) const;

 private:
  struct Sizes {
    std::uint64_t request = 0;
    std::uint64_t response = 0;
    std::uint32_t messages = 0;
  };
  const Sizes& sizes() const;
  std::optional<EntryExtras> extras(std::uint32_t position) const;
  std::optional<std::int64_t> timeOf(std::uint32_t position) const;
  bool isUndecodable() const;

  const FilterInput& m_input;
  std::uint32_t m_index;
  Call m_call;
  mutable std::optional<Sizes> m_sizes;
  mutable std::string m_word;  // of a status that has no name
};

// One message of a call: `dir:out`, `msg.a.b=1` and texts tell messages apart; the rest is its call's.
class MessageSubject final : public CallSubject {
 public:
  // `position` of an entry of that call.
  MessageSubject(const FilterInput& input, std::uint32_t call, std::uint32_t position);

  std::optional<std::string_view> word(FilterField field) const override;
  bool messages(FilterSide side, const Visit& visit) const override;
  bool texts(const std::function<bool(std::string_view)>& visit) const override;

 private:
  std::uint32_t m_position;
};

// What a live call tells before it is answered: its method, its kind where the schema knows it, and a message
// with the metadata that came with the call. Everything else is not known. Must not outlive what it is made
// of.
class LiveSubject final : public FilterSubject {
 public:
  struct Live {
    std::string_view method = {};
    bool isRequest = true;           // false: an answer that goes out
    std::string_view typeName = {};  // may be empty: then the schema's method tells
    ByteView message = {};
    const Metadata* metadata = nullptr;  // the client's; null: not known
  };
  LiveSubject(const Schema& schema, const Live& live);

  std::optional<std::string_view> word(FilterField field) const override;
  std::optional<double> number(FilterField field) const override;
  std::optional<bool> flag(FilterFlag flag) const override;
  bool messages(FilterSide side, const Visit& visit) const override;
  bool texts(const std::function<bool(std::string_view)>& visit) const override;
  bool metadata(bool trailers, std::string_view key,
                const std::function<bool(std::string_view value)>& visit) const override;
  const google::protobuf::DescriptorPool* pool() const override;

 private:
  const Schema& m_schema;
  Live m_live;
  const google::protobuf::Descriptor* m_type = nullptr;
  std::optional<CallKind> m_kind;
};

// "pkg.Service" of "/pkg.Service/Method"; the whole of anything else.
std::string_view serviceOf(std::string_view method);

}  // namespace retake
