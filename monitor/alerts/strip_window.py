"""The strip's window: a program of its own, fed with JSON lines, so that what breaks in it breaks nothing else."""

import ctypes
import json
import queue
import sys
import threading
import tkinter
from typing import Any

WIDTH, HEIGHT, TOP = 168, 22, 4
POLL_MS = 50
GREEN, AMBER, RED, GREY = "#2e7d32", "#e0a100", "#c62828", "#616161"
PHRASE_SHOWN_MS = 12_000
EXCLUDE_FROM_CAPTURE = 0x11
"""WDA_EXCLUDEFROMCAPTURE of SetWindowDisplayAffinity, Windows 10 2004 and later."""


class StripWindow:
    """Green, amber or red with the minutes of personal talk; the phrase when the pointer is on it; click to snooze."""

    def __init__(self) -> None:
        self.root = tkinter.Tk()
        self.root.withdraw()
        self.root.title("monitor")
        self.root.overrideredirect(True)
        self.root.attributes("-topmost", True)
        self.bar = tkinter.Label(self.root, text="0:00", fg="white", bg=GREEN, font=("TkDefaultFont", 10, "bold"))
        self.bar.pack(fill="both", expand=True)
        self.words = tkinter.Label(
            self.root, text="", fg="#202020", bg="#fff8e1", wraplength=420, justify="left", padx=8, pady=6
        )
        self.phrase = ""
        self.quiet = False
        self._hide_job: str | None = None
        self.root.bind("<Enter>", lambda _: self._open())
        self.root.bind("<Leave>", lambda _: self._shut())
        self.bar.bind("<Button-1>", lambda _: self._snooze())
        self._place(WIDTH, HEIGHT)
        self.root.deiconify()
        self._hide_from_sharing()

    def tell(self, message: dict[str, Any]) -> None:
        """Shows what the message says."""
        if "phrase" in message:
            self.phrase, self.quiet = message["phrase"], False
            if self.phrase:
                # near the camera it can be read without looking away, so the words show themselves for a while
                self._open()
                self._later(PHRASE_SHOWN_MS)
            return
        run_s, limit_s = message["run_s"], message["limit_s"]
        if run_s == 0:
            self.quiet, self.phrase = False, ""
        colour = GREEN if run_s < limit_s / 2 else AMBER if run_s < limit_s else RED
        text = f"{run_s // 60}:{run_s % 60:02}" if run_s else "work"
        self.bar.config(text=f"{text}  zzz" if self.quiet else text, bg=GREY if self.quiet else colour)

    def _snooze(self) -> None:
        self.quiet = True
        self.bar.config(bg=GREY, text="zzz")
        self._shut()
        sys.stdout.write("snooze\n")
        sys.stdout.flush()

    def _open(self) -> None:
        if self.phrase and not self.quiet:
            self.words.config(text=self.phrase)
            self.words.pack(fill="both", expand=True)
            self.root.update_idletasks()
            self._place(max(WIDTH, self.words.winfo_reqwidth()), HEIGHT + self.words.winfo_reqheight())

    def _shut(self) -> None:
        self.words.pack_forget()
        self._place(WIDTH, HEIGHT)

    def _later(self, after_ms: int) -> None:
        if self._hide_job:
            self.root.after_cancel(self._hide_job)
        self._hide_job = self.root.after(after_ms, self._shut)

    def _place(self, width: int, height: int) -> None:
        left = (self.root.winfo_screenwidth() - width) // 2
        self.root.geometry(f"{width}x{height}+{left}+{TOP}")

    def _hide_from_sharing(self) -> None:
        """Keeps the strip out of shared screens where the system can (Windows; untested)."""
        if sys.platform == "win32":
            window = ctypes.windll.user32.GetParent(self.root.winfo_id())
            ctypes.windll.user32.SetWindowDisplayAffinity(window, EXCLUDE_FROM_CAPTURE)


def main() -> None:
    """Shows the strip until standard input ends."""
    try:
        window = StripWindow()
    except tkinter.TclError as error:
        sys.exit(str(error))
    messages: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()

    def read() -> None:
        for line in sys.stdin:
            messages.put(json.loads(line))
        messages.put(None)

    def poll() -> None:
        while not messages.empty():
            message = messages.get()
            if message is None:
                window.root.destroy()
                return
            window.tell(message)
        window.root.after(POLL_MS, poll)

    threading.Thread(target=read, daemon=True).start()
    poll()
    window.root.mainloop()


if __name__ == "__main__":
    main()
