package org.brokecluster.node.away;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sleep as macOS announces it to programs that register for the system's power. One thread waits in
 * a run loop of the system. What cannot be loaded or registered is logged, and nothing is heard
 * then. Thread safe.
 */
final class MacSleep implements SleepSource {
  private static final Logger LOG = LoggerFactory.getLogger(MacSleep.class);

  /** What is called when the power changes. */
  interface Interest extends Callback {
    /** Of {@code IOServiceInterestCallback}. */
    void heard(@Nullable Pointer context, int service, int type, @Nullable Pointer argument);
  }

  /** Of IOKit. */
  interface IoKit extends Library {
    /** Gives the connection to answer on, 0 if it could not be made. */
    int IORegisterForSystemPower(
        @Nullable Pointer context, PointerByReference port, Interest interest, IntByReference it);

    /** Says that nothing stands against a change. */
    int IOAllowPowerChange(int connection, NativeLong number);

    /** Where a port's messages come out. */
    Pointer IONotificationPortGetRunLoopSource(Pointer port);
  }

  /** Of CoreFoundation. */
  interface CoreFoundation extends Library {
    /** This thread's run loop. */
    Pointer CFRunLoopGetCurrent();

    /** Has a run loop serve a source. */
    void CFRunLoopAddSource(Pointer loop, Pointer source, Pointer mode);

    /** Serves until it is stopped. */
    void CFRunLoopRun();

    /** Has a run loop end. */
    void CFRunLoopStop(Pointer loop);
  }

  private final String kitName;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Pointer loop;
  private volatile @Nullable CoreFoundation core;

  /** Kept here: what the system calls must not be collected. */
  private @Nullable Interest interest;

  /** With this system's power management. */
  MacSleep() {
    this("IOKit");
  }

  /** With the framework of this name. */
  MacSleep(String kitName) {
    this.kitName = kitName;
  }

  @Override
  public void start(Listener listener) {
    var thread =
        new Thread(
            () -> {
              listen(listener);
              ended.countDown();
            },
            "broke-sleep");
    thread.setDaemon(true);
    thread.start();
  }

  private void listen(Listener listener) {
    try {
      var kit = Native.load(kitName, IoKit.class);
      var foundation = Native.load("CoreFoundation", CoreFoundation.class);
      var port = new PointerByReference();
      int[] connection = new int[1];
      var messages =
          new PowerMessages(
              listener, number -> kit.IOAllowPowerChange(connection[0], new NativeLong(number)));
      interest =
          (context, service, type, argument) ->
              messages.heard(type, argument == null ? 0 : Pointer.nativeValue(argument));
      connection[0] = kit.IORegisterForSystemPower(null, port, interest, new IntByReference());
      if (connection[0] == 0) {
        LOG.info("sleep is not announced here: the system did not take the registration");
        return;
      }
      var mode =
          NativeLibrary.getInstance("CoreFoundation")
              .getGlobalVariableAddress("kCFRunLoopDefaultMode")
              .getPointer(0);
      var current = foundation.CFRunLoopGetCurrent();
      core = foundation;
      loop = current;
      foundation.CFRunLoopAddSource(
          current, kit.IONotificationPortGetRunLoopSource(port.getValue()), mode);
      foundation.CFRunLoopRun();
    } catch (UnsatisfiedLinkError | RuntimeException e) {
      LOG.info("sleep is not announced here: reason={}", e.toString());
    }
  }

  /** Waits until nothing can be heard any more; false if it still can be. */
  boolean awaitEnd(long time, TimeUnit unit) throws InterruptedException {
    return ended.await(time, unit);
  }

  @Override
  public void close() {
    var foundation = core;
    var current = loop;
    if (foundation != null && current != null) {
      foundation.CFRunLoopStop(current);
    }
  }
}
