import Foundation

/// Runs a program as a child of this one, so that somebody is left to tell how it ended.
///
/// A process that the system kills for want of memory, or that traps, says nothing. Its parent does.
public enum Supervisor {
  /// How a supervised program ended.
  public enum Ending: Sendable, Hashable {
    /// By itself, with an exit code.
    case exited(Int32)
    /// By a signal.
    case killed(signal: Int32, process: Int32)
  }

  /// Runs a program and waits for its end.
  ///
  /// A Ctrl-C reaches parent and child from the terminal; what is sent to the parent alone is passed on. The child's
  /// standard input is a pipe that closes when the parent is gone: see ``endWithParent()``.
  ///
  /// - Parameters:
  ///   - program: the executable's path.
  ///   - name: what the program is told of its own name; nil for its path.
  ///   - arguments: its arguments, without the name.
  /// - Returns: how it ended.
  /// - Throws: `POSIXError` where it can't be started.
  public static func run(
    _ program: String, as name: String? = nil, _ arguments: [String]
  ) throws -> Ending {
    let signals = [SIGINT, SIGTERM, SIGHUP, SIGCHLD]
    var watched = sigset_t()
    sigemptyset(&watched)
    for number in signals { sigaddset(&watched, number) }
    // Taken one by one below, with the word who sent them.
    pthread_sigmask(SIG_BLOCK, &watched, nil)
    let child = try start(program, [name ?? program] + arguments)
    while true {
      var status: Int32 = 0
      let ended = waitpid(child, &status, WNOHANG)
      if ended == child {
        let signal = status & 0x7f
        return signal == 0
          ? .exited((status >> 8) & 0xff) : .killed(signal: signal, process: child)
      }
      var information = siginfo_t()
      let number = sigwaitinfo(&watched, &information)
      // SI_KERNEL: the terminal has sent it to the child too.
      if number > 0, number != SIGCHLD, information.si_code != 0x80 { kill(child, number) }
    }
  }

  private static func start(_ program: String, _ arguments: [String]) throws -> pid_t {
    var pipe: [Int32] = [-1, -1]
    guard Foundation.pipe(&pipe) == 0 else { throw error(errno) }
    for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, pipe[0], STDIN_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var texts = arguments.map { strdup($0) }
    texts.append(nil)
    defer { for text in texts { free(text) } }
    var child = pid_t()
    let code = posix_spawn(&child, program, &actions, &attributes, texts, environ)
    close(pipe[0])
    guard code == 0 else {
      close(pipe[1])
      throw error(code)
    }
    // The writing end stays open for as long as this process lives.
    return child
  }

  private static func error(_ code: Int32) -> POSIXError {
    POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO)
  }

  /// Ends this program at once when the parent that supervises it is gone, as after `kill -9`.
  public static func endWithParent() {
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while true {
        let count = read(STDIN_FILENO, &byte, 1)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { _exit(128 + SIGKILL) }
      }
    }
  }
}
