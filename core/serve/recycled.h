#pragma once

#include <cstddef>
#include <mutex>
#include <new>

namespace retake {

// A sanitizer has to see each end.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
inline constexpr bool kIsSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool kIsSanitized = false;
#endif

// The blocks of objects that come and go with each call: as class T final : Recycled<T>. They are made on one
// of gRPC's threads and deleted on another, and malloc caches a block for the thread that frees it, where
// nobody asks for one. Keeps a few of them; any thread.
template <typename T>
class Recycled {
 public:
  static void* operator new(std::size_t size) {
    if (void* block = store().take()) return block;
    return ::operator new(size);
  }
  static void operator delete(void* block) noexcept {
    if (!store().keep(block)) ::operator delete(block);
  }

 protected:
  ~Recycled() = default;

 private:
  class Store {
   public:
    void* take() {
      const std::unique_lock lock(m_mutex, std::try_to_lock);
      if (!lock || m_count == 0) return nullptr;
      return m_blocks[--m_count];
    }
    bool keep(void* block) noexcept {
      const std::unique_lock lock(m_mutex, std::try_to_lock);
      if (!lock || m_count == kBlocks) return false;
      m_blocks[m_count++] = block;
      return true;
    }

   private:
    static constexpr std::size_t kBlocks = kIsSanitized ? 0 : 128;
    std::mutex m_mutex;
    std::size_t m_count = 0;
    void* m_blocks[kBlocks + 1];
  };
  // Outlives whatever is deleted as the program ends.
  static Store& store() {
    static Store& kStore = *new Store;
    return kStore;
  }
};

}  // namespace retake
