#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/bytes.h"

namespace google::protobuf {
class Descriptor;
class DescriptorPool;
}  // namespace google::protobuf

namespace retake {

// What a query can ask for besides flags, texts and paths.
enum class FilterField : std::uint8_t {
  Method,
  Service,
  Status,
  Kind,
  Duration,
  Start,
  Size,
  RequestSize,
  ResponseSize,
  Messages,
  Id,
  Direction
};
enum class FilterFlag : std::uint8_t { Edited, Scrubbed, Error, Stream, Used, Missed, Undecodable };
enum class FilterSide : std::uint8_t { Request, Response, Any };

// What a query is asked about: a call, a message, a line of a log. Each function answers "not known" where
// that kind of subject cannot tell. Views live as long as the subject.
class FilterSubject {
 public:
  virtual ~FilterSubject() = default;

  // Method "/pkg.Service/Method", Service "pkg.Service", Status "NOT_FOUND", Kind "unary", Direction
  // "in"/"out".
  virtual std::optional<std::string_view> word(FilterField field) const;
  // Duration and Start in nanoseconds, sizes in bytes, Messages, Id (a call's number).
  virtual std::optional<double> number(FilterField field) const;
  virtual std::optional<bool> flag(FilterFlag flag) const;

  // The messages of a side, until `visit` is false; `type` is null where it is not known. False: not known
  // here.
  using Visit = std::function<bool(const google::protobuf::Descriptor* type, ByteView message)>;
  virtual bool messages(FilterSide side, const Visit& visit) const;
  // Other text that a word may occur in (method, status message, log text). False: none is known.
  virtual bool texts(const std::function<bool(std::string_view)>& visit) const;
  // Headers of the request (`trailers` false) or trailers of the response. False: not known here.
  virtual bool metadata(bool trailers, std::string_view key,
                        const std::function<bool(std::string_view value)>& visit) const;
  // Where the type of what a google.protobuf.Any holds is looked up; null: nowhere.
  virtual const google::protobuf::DescriptorPool* pool() const;
};

}  // namespace retake
