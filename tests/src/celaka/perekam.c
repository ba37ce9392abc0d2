// What stands between the program and the kernel in a scene of misfortune (LD_PRELOAD): it records what the program does
// to its data folder, lets a write fail, or tells another time. Never part of what people get.
//
// Settings are environment variables; each may be missing.
//   CELAKA_DIR    the data folder; only what lies in it is recorded and fails
//   CELAKA_JEJAK  where the record goes, and CELAKA_NOMOR: eight bytes that number the steps of all processes of a scene
//   CELAKA_KE     the step that fails; CELAKA_GALAT: its errno; CELAKA_TERUS: all later ones fail as well;
//                 CELAKA_KENA: a file that is made when one has failed; CELAKA_PENDEK: the failing write writes half
//   CELAKA_JAM    seconds that the clock is wrong by
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { TULIS = 1, POTONG, GANTI, HAPUS, SINKRON, SINKRON_FOLDER, BUAT, KATA };
enum { FILES = 4096 };

static pthread_mutex_t kunci = PTHREAD_MUTEX_INITIALIZER;
static char *names[FILES];
static char folder[PATH_MAX];
static size_t folder_len;
static int jejak = -1;
static _Atomic uint64_t *nomor;
static long ke, langkah, jam;
static int galat, terus, pendek;
static const char *kena;

static long number(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

__attribute__((constructor)) static void begin(void) {
  const char *dir = getenv("CELAKA_DIR"), *log = getenv("CELAKA_JEJAK"), *count = getenv("CELAKA_NOMOR");
  if (dir) {
    strncpy(folder, dir, sizeof folder - 1);
    folder_len = strlen(folder);
  }
  ke = number("CELAKA_KE");
  galat = (int)number("CELAKA_GALAT");
  terus = (int)number("CELAKA_TERUS");
  pendek = (int)number("CELAKA_PENDEK");
  jam = number("CELAKA_JAM");
  kena = getenv("CELAKA_KENA");
  if (log && count) {
    jejak = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, count, O_RDWR | O_CLOEXEC, 0);
    void *at = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) abort();
    nomor = at;
  }
}

// The name inside the folder; "" for the folder itself; NULL for what is elsewhere.
static const char *inside(const char *path) {
  if (!folder_len || !path || strncmp(path, folder, folder_len)) return NULL;
  if (!path[folder_len]) return "";
  return path[folder_len] == '/' ? path + folder_len + 1 : NULL;
}

static const char *name_of(int fd) { return fd >= 0 && fd < FILES ? names[fd] : NULL; }

// The index beside a write-ahead log is made anew after a power cut, and it is written by memory, not by steps.
static int is_index(const char *name) {
  size_t n = strlen(name);
  return n > 4 && !strcmp(name + n - 4, "-shm");
}

static void record(uint32_t apa, const char *name, uint64_t at, const void *bytes, size_t len) {
  if (jejak < 0 || is_index(name)) return;
  struct { uint64_t nomor; uint32_t apa, name_len; uint64_t at, len; } head = {
      ++*nomor, apa, (uint32_t)strlen(name), at, len};
  struct iovec parts[3] = {{&head, sizeof head}, {(void *)name, head.name_len}, {(void *)bytes, len}};
  if (syscall(SYS_writev, jejak, parts, 3) < 0) abort();
}

// Whether this step fails.
static int fails(void) {
  if (!ke) return 0;
  langkah++;
  if (langkah != ke && !(terus && langkah > ke)) return 0;
  if (kena) {
    int fd = (int)syscall(SYS_openat, AT_FDCWD, kena, O_WRONLY | O_CREAT, 0600);
    syscall(SYS_close, fd);
  }
  errno = galat;
  return 1;
}

static int opened(const char *path, int flags, mode_t mode) {
  const char *name = inside(path);
  if (!name) return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  pthread_mutex_lock(&kunci);
  struct stat st;
  int new = (flags & O_CREAT) && stat(path, &st) != 0;
  int fd = -1;
  if (!((new || (flags & O_TRUNC)) && fails())) {
    fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (fd >= 0 && fd < FILES) {
      free(names[fd]);
      names[fd] = strdup(name);
      if (new) record(BUAT, name, 0, NULL, 0);
      else if (flags & O_TRUNC) record(POTONG, name, 0, NULL, 0);
    }
  }
  int e = errno;
  pthread_mutex_unlock(&kunci);
  errno = e;
  return fd;
}

#define MODE(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) { MODE(flags) return opened(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(path, flags, mode); }
int openat(int at, const char *path, int flags, ...) {
  MODE(flags)
  return inside(path) ? opened(path, flags, mode) : (int)syscall(SYS_openat, at, path, flags, mode);
}
int openat64(int at, const char *path, int flags, ...) {
  MODE(flags)
  return inside(path) ? opened(path, flags, mode) : (int)syscall(SYS_openat, at, path, flags, mode);
}

int close(int fd) {
  pthread_mutex_lock(&kunci);
  if (name_of(fd)) {
    free(names[fd]);
    names[fd] = NULL;
  }
  pthread_mutex_unlock(&kunci);
  return (int)syscall(SYS_close, fd);
}

static ssize_t written(int fd, const void *bytes, size_t len, off_t at, int here) {
  const char *name = fd == 1 ? "" : name_of(fd);
  if (!name) return here ? syscall(SYS_write, fd, bytes, len) : syscall(SYS_pwrite64, fd, bytes, len, at);
  pthread_mutex_lock(&kunci);
  ssize_t done = -1;
  int failed = fd != 1 && fails();
  if (failed && pendek && len > 1 && !is_index(name)) {
    // The half that fits is there; the next step says why there is no more.
    len /= 2;
    failed = 0;
    ke++;
  }
  if (!failed) {
    if (here && fd != 1) at = lseek(fd, 0, SEEK_CUR);
    done = here ? syscall(SYS_write, fd, bytes, len) : syscall(SYS_pwrite64, fd, bytes, len, at);
    if (done > 0) record(fd == 1 ? KATA : TULIS, name, (uint64_t)at, bytes, (size_t)done);
  }
  int e = errno;
  pthread_mutex_unlock(&kunci);
  errno = e;
  return done;
}

ssize_t write(int fd, const void *bytes, size_t len) { return written(fd, bytes, len, 0, 1); }
ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at) { return written(fd, bytes, len, at, 0); }
ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t at) { return written(fd, bytes, len, at, 0); }
ssize_t writev(int fd, const struct iovec *parts, int n) {
  if (fd != 1 && !name_of(fd)) return syscall(SYS_writev, fd, parts, n);
  // A short write is a write; the caller comes again with the rest.
  for (int i = 0; i < n; i++) if (parts[i].iov_len) return written(fd, parts[i].iov_base, parts[i].iov_len, 0, 1);
  return 0;
}

#define STEP(call, apa, name, at, bytes, len) \
  pthread_mutex_lock(&kunci); \
  int done = -1; \
  if (!fails()) { \
    done = (int)(call); \
    if (!done) record(apa, name, at, bytes, len); \
  } \
  int e = errno; \
  pthread_mutex_unlock(&kunci); \
  errno = e; \
  return done;

int ftruncate(int fd, off_t len) {
  const char *name = name_of(fd);
  if (!name) return (int)syscall(SYS_ftruncate, fd, len);
  STEP(syscall(SYS_ftruncate, fd, len), POTONG, name, (uint64_t)len, NULL, 0)
}
int ftruncate64(int fd, off_t len) { return ftruncate(fd, len); }

static int synced(int fd, long how) {
  const char *name = name_of(fd);
  if (!name) return (int)syscall(how, fd);
  if (galat == ENOSPC) {
    // Room is given when a file is written; what finds none says so there.
    pthread_mutex_lock(&kunci);
    int done = (int)syscall(how, fd), e = errno;
    pthread_mutex_unlock(&kunci);
    errno = e;
    return done;
  }
  STEP(syscall(how, fd), *name ? SINKRON : SINKRON_FOLDER, name, 0, NULL, 0)
}
int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

int rename(const char *from, const char *to) {
  const char *a = inside(from), *b = inside(to);
  if (!a || !b) return (int)syscall(SYS_rename, from, to);
  STEP(syscall(SYS_rename, from, to), GANTI, a, 0, b, strlen(b))
}

int unlink(const char *path) {
  const char *name = inside(path);
  if (!name) return (int)syscall(SYS_unlink, path);
  // Taking away needs no room.
  pthread_mutex_lock(&kunci);
  int done = (int)syscall(SYS_unlink, path);
  int e = errno;
  if (!done) record(HAPUS, name, 0, NULL, 0);
  pthread_mutex_unlock(&kunci);
  errno = e;
  return done;
}

int posix_fallocate(int fd, off_t at, off_t len) {
  if (name_of(fd) && fails()) return errno;
  return syscall(SYS_fallocate, fd, 0, at, len) ? errno : 0;
}
int posix_fallocate64(int fd, off_t at, off_t len) { return posix_fallocate(fd, at, len); }

int clock_gettime(clockid_t which, struct timespec *now) {
  int done = (int)syscall(SYS_clock_gettime, which, now);
  if (!done && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) now->tv_sec += jam;
  return done;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  now->tv_sec = at.tv_sec;
  now->tv_usec = at.tv_nsec / 1000;
  return 0;
}
time_t time(time_t *now) {
  struct timespec at;
  clock_gettime(CLOCK_REALTIME, &at);
  if (now) *now = at.tv_sec;
  return at.tv_sec;
}
