#include "serve/builtin_calls.h"

#include "serve/builtin_reactor.h"

namespace retake {

bool BuiltinCalls::enter(BuiltinReactor& call) {
  const std::lock_guard lock(m_mutex);
  if (!m_ended) m_calls.insert(&call);
  return !m_ended;
}

void BuiltinCalls::leave(BuiltinReactor& call) {
  const std::lock_guard lock(m_mutex);
  m_calls.erase(&call);
}

void BuiltinCalls::endAll() {
  const std::lock_guard lock(m_mutex);  // so that none is gone meanwhile
  m_ended = true;
  for (BuiltinReactor* call : m_calls) call->stop();
}

}  // namespace retake
