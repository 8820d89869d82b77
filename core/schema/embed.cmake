# cmake -DINPUT=file -DOUTPUT=file.cpp -DNAME=functionName -P embed.cmake
# Turns a file into a C++ function retake::NAME() that gives its bytes.
file(READ ${INPUT} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
file(WRITE ${OUTPUT} "#include <string_view>

namespace retake {
std::string_view ${NAME}();
std::string_view ${NAME}() {
  static const unsigned char kBytes[] = {
${bytes}};
  return {reinterpret_cast<const char*>(kBytes), ${size}};
}
}  // namespace retake
")
