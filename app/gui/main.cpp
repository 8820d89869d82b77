#include <QApplication>
#include <QCommandLineParser>
#include <cstdio>

#include "client/lock_checks.h"
#include "theme/theme.h"
#include "window/main_window.h"
#include "window/theme_menu.h"

int main(int argc, char** argv) {
  using namespace retake::gui;
  retake::turnOffLockChecks();
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("Retake"));
  QApplication::setOrganizationName(QStringLiteral("retake"));
  QApplication::setApplicationVersion(QStringLiteral(RETAKE_VERSION));
  QApplication::setDesktopFileName(QStringLiteral("retake"));

  QCommandLineParser options;
  options.setApplicationDescription(QStringLiteral("Reads, edits and serves recordings of gRPC calls."));
  options.addHelpOption();
  options.addVersionOption();
  options.addPositionalArgument(QStringLiteral("FILE"),
                                QStringLiteral("A recording; a schema beside it is loaded too."),
                                QStringLiteral("[FILE...]"));
  const QCommandLineOption schema(
      QStringLiteral("schema"), QStringLiteral("Descriptor set, .proto file or folder of them; repeatable."),
      QStringLiteral("PATH"));
  const QCommandLineOption themeName(QStringLiteral("theme"), QStringLiteral("light, dark or system."),
                                     QStringLiteral("NAME"));
  const QCommandLineOption safe(QStringLiteral("safe-layout"),
                                QStringLiteral("Ignore how the panes were arranged last time."));
  options.addOptions({schema, themeName, safe});
  options.process(application);

  theme::Mode mode = rememberedTheme();
  if (options.isSet(themeName)) {
    const auto named = themeModeFromName(options.value(themeName));
    if (!named) {
      std::fprintf(stderr, "retake: --theme: expected light, dark or system, found \"%s\"\n",
                   qPrintable(options.value(themeName)));
      return 2;
    }
    mode = *named;
  }
  theme::apply(application, mode);

  MainWindow window(options.isSet(safe) ? MainWindow::Layout::Safe : MainWindow::Layout::Remembered);
  window.show();
  window.open(options.positionalArguments(), options.values(schema));
  return QApplication::exec();
}
