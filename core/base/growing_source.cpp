#include "base/growing_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "base/system_text.h"

namespace retake {
namespace {

// Of a block; a recorder's second at full speed.
constexpr std::uint64_t kBlock = 1u << 20;
// How much of what was read last must still be there. A file that was written anew and is as long already has
// other bytes at that place.
constexpr std::uint64_t kCompared = 4096;

}  // namespace

Result<std::shared_ptr<GrowingSource>> GrowingSource::open(const std::string& path,
                                                           std::shared_ptr<const ByteSource> begin,
                                                           const FileStamp& stamp,
                                                           const OpenOptions& options) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Error{path + ": cannot be opened: " + systemText(errno)};
  std::shared_ptr<GrowingSource> source(new GrowingSource(fd, path, std::move(begin), options.wholeUpTo));
  struct stat info {};
  if (::fstat(fd, &info) != 0) return Error{path + ": " + systemText(errno)};
  if (!S_ISREG(info.st_mode)) return Error{path + ": expected a file that can be followed, found none"};
  if (static_cast<std::uint64_t>(info.st_dev) != stamp.device ||
      static_cast<std::uint64_t>(info.st_ino) != stamp.inode)
    return Error{path + ": expected the file that was opened, found another one in its place"};
  if (auto size = source->sizeNow(); !size) return size.error();
  if (auto same = source->checkLastBytes(); !same) return same.error();
  return source;
}

GrowingSource::GrowingSource(int fd, std::string path, std::shared_ptr<const ByteSource> begin,
                             std::uint64_t wholeUpTo)
    : m_fd(fd),
      m_name(std::move(path)),
      m_begin(std::move(begin)),
      m_beginKept(m_begin->buffer().size()),
      m_wholeUpTo(wholeUpTo),
      m_size(m_begin->size()) {}

GrowingSource::~GrowingSource() { ::close(m_fd); }

std::uint64_t GrowingSource::size() const {
  const std::lock_guard lock(m_mutex);
  return m_size;
}

Result<std::uint64_t> GrowingSource::sizeNow() const {
  struct stat info {};
  if (::fstat(m_fd, &info) != 0) return Error{m_name + ": " + systemText(errno)};
  const auto now = static_cast<std::uint64_t>(info.st_size);
  const std::uint64_t known = size();
  if (now < known)
    return Error{m_name + ": got shorter: expected at least " + std::to_string(known) + " bytes, found " +
                 std::to_string(now)};
  return now;
}

Result<void> GrowingSource::checkLastBytes() const {
  const std::uint64_t known = size();
  const std::uint64_t length = std::min(known, kCompared);
  const auto kept = read(known - length, length);
  if (!kept) return kept.error();
  std::string now(length, '\0');
  if (auto done = readFile(now.data(), known - length, length); !done) return done;
  if (now == kept->view) return {};
  return Error{m_name + ": was written anew: expected more behind byte " + std::to_string(known) +
               ", found other bytes before it"};
}

Result<std::uint64_t> GrowingSource::grow(std::uint64_t most) {
  struct stat there {};
  struct stat mine {};
  if (::stat(m_name.c_str(), &there) != 0) return Error{m_name + ": " + systemText(errno)};
  if (::fstat(m_fd, &mine) != 0) return Error{m_name + ": " + systemText(errno)};
  if (there.st_dev != mine.st_dev || there.st_ino != mine.st_ino)
    return Error{m_name + ": was replaced: expected the file that is followed, found another one"};
  const auto now = sizeNow();
  if (!now) return now.error();
  const std::uint64_t known = size();
  const std::uint64_t length = std::min(*now - known, most);
  if (length == 0) return length;
  if (auto same = checkLastBytes(); !same) return same.error();
  // In memory as long as everything before is, too.
  const bool whole = m_beginKept == m_begin->size() &&
                     (m_blocks.empty() ? m_beginKept : m_blocks.back().offset + m_blocks.back().size) == known;
  if (whole && known + length <= m_wholeUpTo) {
    if (auto done = keep(known, length); !done) return done.error();
  } else {
    const std::lock_guard lock(m_mutex);
    m_size = known + length;
  }
  return length;
}

// Only grow() changes blocks, so they are looked at without the lock here; others see the new bytes when the
// size says so.
Result<void> GrowingSource::keep(std::uint64_t offset, std::uint64_t length) {
  std::vector<Block> blocks = m_blocks;
  std::uint64_t at = offset;
  std::uint64_t left = length;
  while (left > 0) {
    if (blocks.empty() || blocks.back().size == blocks.back().capacity) {
      const std::uint64_t capacity = std::max(kBlock, left);
      const std::shared_ptr<char> bytes(new (std::nothrow) char[capacity], std::default_delete<char[]>());
      if (!bytes) return Error{m_name + ": not enough memory for " + std::to_string(capacity) + " bytes"};
      blocks.push_back({at, bytes, 0, capacity});
    }
    Block& block = blocks.back();
    const std::uint64_t part = std::min(left, block.capacity - block.size);
    if (auto done = readFile(block.bytes.get() + block.size, at, part); !done) return done;
    block.size += part;
    at += part;
    left -= part;
  }
  const std::lock_guard lock(m_mutex);
  m_blocks = std::move(blocks);
  m_size = at;
  return {};
}

Result<void> GrowingSource::readFile(char* to, std::uint64_t offset, std::uint64_t length) const {
  std::uint64_t got = 0;
  while (got < length) {
    const ssize_t n = ::pread(m_fd, to + got, length - got, static_cast<off_t>(offset + got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Error{m_name + ": " + systemText(errno), offset};
    if (n == 0)
      return Error{m_name + ": expected " + std::to_string(length) + " bytes at byte " +
                       std::to_string(offset) + ", found " + std::to_string(got),
                   offset};
    got += static_cast<std::uint64_t>(n);
  }
  return {};
}

Result<Blob> GrowingSource::read(std::uint64_t offset, std::uint64_t length) const {
  if (offset <= m_beginKept && length <= m_beginKept - offset) return m_begin->read(offset, length);
  std::vector<Block> touched;
  {
    const std::lock_guard lock(m_mutex);
    if (offset > m_size || length > m_size - offset)
      return Error{m_name + ": expected " + std::to_string(length) + " bytes at byte " +
                       std::to_string(offset) + ", found " +
                       std::to_string(offset < m_size ? m_size - offset : 0),
                   offset};
    auto block = std::upper_bound(m_blocks.begin(), m_blocks.end(), offset,
                                  [](std::uint64_t at, const Block& b) { return at < b.offset; });
    if (block != m_blocks.begin()) --block;
    for (; block != m_blocks.end() && block->offset < offset + length; ++block) touched.push_back(*block);
  }
  if (touched.size() == 1 && touched[0].offset <= offset &&
      offset + length <= touched[0].offset + touched[0].size)
    return Blob{ByteView(touched[0].bytes.get() + (offset - touched[0].offset), length), touched[0].bytes};
  // Across blocks: put together.
  const std::shared_ptr<char> bytes(new (std::nothrow) char[length + 1], std::default_delete<char[]>());
  if (!bytes) return Error{m_name + ": not enough memory for " + std::to_string(length) + " bytes"};
  std::uint64_t at = offset;
  const std::uint64_t end = offset + length;
  if (at < m_beginKept) {
    const ByteView begin = m_begin->buffer().substr(at, m_beginKept - at);
    begin.copy(bytes.get(), begin.size());
    at += begin.size();
  }
  for (const Block& block : touched) {
    if (at < block.offset || at >= block.offset + block.size) continue;
    const std::uint64_t part = std::min(end, block.offset + block.size) - at;
    std::memcpy(bytes.get() + (at - offset), block.bytes.get() + (at - block.offset), part);
    at += part;
  }
  if (at < end)
    if (auto done = readFile(bytes.get() + (at - offset), at, end - at); !done) return done.error();
  return Blob{ByteView(bytes.get(), length), bytes};
}

Result<void> GrowingSource::checkIntact() const {
  const auto now = sizeNow();
  const std::lock_guard lock(m_mutex);
  const std::uint64_t kept = m_blocks.empty() ? m_beginKept : m_blocks.back().offset + m_blocks.back().size;
  return kept == m_size || now ? Result<void>() : Result<void>(now.error());
}

}  // namespace retake
