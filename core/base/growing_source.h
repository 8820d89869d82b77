#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/byte_source.h"

namespace retake {

// The bytes of a file that another program appends to. What was read of it stays where it is: up to
// OpenOptions::wholeUpTo bytes in memory, in blocks that never move, the rest by pread. Only grow() makes it
// longer, so size() is what has been seen so far. Any number of threads may read while one grows.
class GrowingSource final : public ByteSource {
 public:
  // `begin` holds the first bytes of the file, which was read when it had the stamp `stamp`. An Error when
  // `path` leads to another file by now, or to a shorter one.
  static Result<std::shared_ptr<GrowingSource>> open(const std::string& path,
                                                     std::shared_ptr<const ByteSource> begin,
                                                     const FileStamp& stamp, const OpenOptions& options = {});
  ~GrowingSource() override;
  GrowingSource(const GrowingSource&) = delete;
  GrowingSource& operator=(const GrowingSource&) = delete;

  // Takes up to `most` bytes that are new; how many it were. An Error when the file is not what it was and
  // more: replaced, gone, shorter, or written anew.
  Result<std::uint64_t> grow(std::uint64_t most);

  const std::string& name() const override { return m_name; }
  std::uint64_t size() const override;
  Result<Blob> read(std::uint64_t offset, std::uint64_t length) const override;
  ByteView buffer() const override { return {}; }
  Result<void> checkIntact() const override;

 private:
  struct Block {
    std::uint64_t offset = 0;  // in the file
    std::shared_ptr<char> bytes;
    std::uint64_t size = 0;
    std::uint64_t capacity = 0;
  };
  GrowingSource(int fd, std::string path, std::shared_ptr<const ByteSource> begin, std::uint64_t wholeUpTo);
  Result<std::uint64_t> sizeNow() const;
  Result<void> checkLastBytes() const;
  Result<void> readFile(char* to, std::uint64_t offset, std::uint64_t length) const;
  Result<void> keep(std::uint64_t offset, std::uint64_t length);

  const int m_fd;
  const std::string m_name;
  const std::shared_ptr<const ByteSource> m_begin;
  const std::uint64_t m_beginKept;  // bytes of m_begin that lie in memory: all or none
  const std::uint64_t m_wholeUpTo;
  mutable std::mutex m_mutex;   // of what follows
  std::vector<Block> m_blocks;  // one behind the other, from m_beginKept on
  std::uint64_t m_size;
};

}  // namespace retake
