#include "filter/subject.h"

namespace retake {

std::optional<std::string_view> FilterSubject::word(FilterField) const { return std::nullopt; }
std::optional<double> FilterSubject::number(FilterField) const { return std::nullopt; }
std::optional<bool> FilterSubject::flag(FilterFlag) const { return std::nullopt; }
bool FilterSubject::messages(FilterSide, const Visit&) const { return false; }
bool FilterSubject::texts(const std::function<bool(std::string_view)>&) const { return false; }
bool FilterSubject::metadata(bool, std::string_view, const std::function<bool(std::string_view)>&) const {
  return false;
}
const google::protobuf::DescriptorPool* FilterSubject::pool() const { return nullptr; }

}  // namespace retake
