#include "calls/used_calls.h"

#include <utility>

namespace retake::gui {
namespace {

// Ten times a second reads as live, and leaves nine tenths of the time for whatever else.
constexpr int kTellEvery = 100;

}  // namespace

UsedCalls::UsedCalls(QObject* parent) : QObject(parent) {
  m_telling.setSingleShot(true);
  m_telling.setInterval(kTellEvery);
  connect(&m_telling, &QTimer::timeout, this, [this] { emit added(std::exchange(m_new, {})); });
}

void UsedCalls::add(const std::vector<EntryId>& calls) {
  for (const EntryId call : calls) {
    if (!call || contains(call)) continue;
    if (call.value >= m_used.size()) m_used.resize(call.value + std::size_t{1});
    m_used[call.value] = true;
    ++m_count;
    m_new.push_back(call);
  }
  if (!m_new.empty() && !m_telling.isActive()) m_telling.start();
}

void UsedCalls::clear() {
  m_telling.stop();
  m_new.clear();
  if (m_count == 0) return;
  m_used.clear();
  m_count = 0;
  emit cleared();
}

}  // namespace retake::gui
