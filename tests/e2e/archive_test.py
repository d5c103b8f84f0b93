"""Archives that are not whole, not ours or cannot be written: exit 5 or 1, a reason, and nothing half-done that looks done."""
import os
import resource
import signal
import struct
import subprocess

from harness import DAMAGED, DONE, Case, main, wait_until


def noise(rows):
    """A table that does not compress away."""
    return f"CREATE TABLE noise AS SELECT i, md5(i::text) || md5((-i)::text) AS text FROM generate_series(1, {rows}) AS i"


class Foreign(Case):
    def each_command(self, path, says, hint, code):
        target = self.database(17)
        for command in (["restore", "-d", target, path], ["verify", path], ["inspect", path], ["verify", path, "-d", target]):
            self.refused(*command, says=says, hint=hint, code=code)
        self.assert_empty(target)

    def file(self, content):
        path = self.folder / "foreign"
        path.write_bytes(content)
        return path

    def test_no_file(self):
        self.each_command(self.folder / "nothing.pghaul", ["nothing.pghaul", "No such file"], "name", 1)

    def test_directory(self):
        self.each_command(self.folder, "Is a directory", "", 1)

    def test_unreadable_file(self):
        if os.geteuid() == 0:
            self.skipTest("root may read everything")
        path = self.file(b"x")
        path.chmod(0)
        self.each_command(path, "Permission denied", "permissions", 1)

    def test_other_formats(self):
        for content, hint in ((b"PGDMP\1\2\3" + bytes(500), "pg_restore"), (b"--\n-- PostgreSQL database dump\n" * 20, "psql"),
                              (b"\x1f\x8b\x08" + bytes(500), "decompress"), (os.urandom(500), "pghaul dump"), (bytes(500), "pghaul dump")):
            self.each_command(self.file(content), "not a pghaul archive", hint, 1)

    def test_empty_file(self):
        self.each_command(self.file(b""), "is empty", "dump again", DAMAGED)

    def test_line_ends_changed_in_transfer(self):
        archive = self.dump(self.database(16, "CREATE TABLE t (a int)"))
        self.each_command(self.file(archive.read_bytes().replace(b"\r\n", b"\n")), "first bytes were changed", "binary mode", DAMAGED)

    def test_newer_format(self):
        try:
            import xxhash
        except ImportError:
            self.skipTest("python3-xxhash is not installed")
        content = bytearray(self.dump(self.database(16, "CREATE TABLE t (a int)")).read_bytes())
        struct.pack_into("<4H", content, 12, 2, 7, 2, 7)
        struct.pack_into("<Q", content, 120, xxhash.xxh3_64_intdigest(bytes(content[:120])))
        self.each_command(self.file(content), ["format 2.7", "reads up to 1."], "newer pghaul", 1)


class Damaged(Case):
    def setUp(self):
        self.source = self.database(16, noise(200_000), "CREATE TABLE small AS SELECT generate_series(1, 10) AS a", "CREATE VIEW v AS TABLE small")
        self.archive = self.dump(self.source)
        self.bytes = self.archive.read_bytes()
        self.broken = self.folder / "broken.pghaul"

    def refuses(self, content, *, may_say):
        """Verify refuses it; a restore, from the file or a pipe, never ends well."""
        self.broken.write_bytes(content)
        result = self.start("verify", self.broken).wait()
        self.assertEqual(result.code, DAMAGED, result)
        self.says(result, [])
        self.assertTrue(any(words in result.err for words in may_say), result)
        for operand, stdin in ((self.broken, None), ("-", self.broken.open("rb"))):
            target = self.database(17)
            result = self.start("restore", "-d", target, operand, stdin=stdin).wait()
            self.assertEqual(result.code, DAMAGED, result)
            self.says(result, [])
            self.assertNotIn("restored", result.out.decode())
            if stdin:
                stdin.close()

    def test_truncated(self):
        size = len(self.bytes)
        for length in (5, 100, 1000, size // 3, size // 2, size - 4000, size - 96, size - 1):
            with self.subTest(length=length):
                self.refuses(self.bytes[:length], may_say=["is incomplete", "ends early", "not a pghaul archive"])

    def test_flipped_bits(self):
        size = len(self.bytes)
        for offset in (20, 130, 400, size // 4, size // 2, size - 1500, size - 50, size - 3):
            with self.subTest(offset=offset):
                content = bytearray(self.bytes)
                content[offset] ^= 0x10
                self.refuses(content, may_say=["checksum", "damaged", "invalid", "does not match", "changed", "incomplete", "no footer"])

    def test_zeroed_and_swapped_blocks(self):
        size = len(self.bytes)
        content = bytearray(self.bytes)
        content[size // 2:size // 2 + 4096] = bytes(4096)
        self.refuses(content, may_say=["checksum", "damaged", "match"])
        self.refuses(self.bytes + b"more", may_say=["after", "footer", "size", "bytes", "incomplete"])

    def test_damage_in_a_table_names_it(self):
        content = bytearray(self.bytes)
        content[len(content) // 2] ^= 1
        self.broken.write_bytes(content)
        self.refused("verify", self.broken, says="noise", code=DAMAGED, hint="")

    def test_standard_input_ends_early(self):
        target = self.database(17)
        process = self.start("restore", "-d", target, "-", stdin=subprocess.PIPE)
        process.child.stdin.write(self.bytes[:len(self.bytes) // 2])
        process.child.stdin.close()
        result = process.wait()
        self.assertEqual(result.code, DAMAGED, result)
        self.says(result, ["standard input", "incomplete"], hint="dump")

    def test_dump_that_dies_in_a_pipe(self):
        """The reader learns from the stream itself that its writer was killed."""
        target = self.database(17)
        with self.locked(self.source, "small"):
            read, write = os.pipe()
            dump = self.start("dump", "-q", "-d", self.source, "-f", "-", stdout=write)
            restore = self.start("restore", "-d", target, "-", stdin=read)
            os.close(read), os.close(write)
            dump.kill()
            dump.wait()
            result = restore.wait()
        self.assertEqual(result.code, DAMAGED, result)


class Writing(Case):
    def setUp(self):
        self.source = self.database(16, noise(100_000))
        self.target = self.folder / "a.pghaul"

    def test_existing_file_is_kept(self):
        self.target.write_text("precious")
        for command in (["dump", "-d", self.source, "-f", self.target],
                        ["copy", "--from", self.source, "--to", self.database(17), "--archive", self.target]):
            self.refused(*command, says=[str(self.target), "exists"], hint="--force")
            self.assertEqual(self.target.read_text(), "precious")
        self.pghaul("dump", "-q", "--force", "-d", self.source, "-f", self.target)
        self.pghaul("verify", "-q", self.target)

    def test_force_keeps_the_old_archive_until_the_new_one_is_whole(self):
        self.target.write_text("precious")
        self.refused("dump", "--force", "-d", self.source + " dbname=gone", "-f", self.target, says="gone")
        self.assertEqual(self.target.read_text(), "precious")
        self.assertEqual([file.name for file in self.folder.iterdir()], [self.target.name])

    def test_no_such_directory(self):
        self.refused("dump", "-d", self.source, "-f", self.folder / "none" / "a.pghaul", says=["none/a.pghaul", "No such file"], hint="name")

    def test_full_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk], capture_output=True).returncode:
            self.skipTest("no file system can be mounted here")
        try:
            for command in (["dump", "-d", self.source, "-f", disk / "a.pghaul"],
                            ["copy", "--from", self.source, "--to", self.database(17), "--archive", disk / "a.pghaul"]):
                self.refused(*command, says=["No space left on device", "a.pghaul"], hint="free space")
                self.assertEqual(list(disk.iterdir()), [])
        finally:
            subprocess.run(["umount", disk], check=True)

    def test_full_device(self):
        self.refused("dump", "-d", self.source, "-f", "/dev/full", says=["No space left on device", "/dev/full"], hint="free space")

    def test_limit_of_file_size(self):
        self.refused("dump", "-d", self.source, "-f", self.target, says=["File too large", str(self.target)], hint="ulimit",
                     prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)))
        self.assert_no_file(self.target)

    def test_full_standard_output(self):
        with open("/dev/full", "wb") as full:
            self.refused("dump", "-d", self.source, "-f", "-", stdout=full, says="No space left on device", hint="free space")

    def test_reader_of_the_pipe_goes_away(self):
        read, write = os.pipe()
        process = self.start("dump", "-d", self.source, "-f", "-", stdout=write)
        os.close(write), os.read(read, 1000), os.close(read)
        result = process.wait()
        self.assertEqual(result.code, 1, result)
        self.says(result, ["standard output", "pipe"], hint="program that reads the pipe")

    def test_two_dumps_into_one_file(self):
        with self.locked(self.source, "noise"):
            first = self.start("dump", "-q", "-d", self.source, "-f", self.target)
            wait_until(lambda: list(self.folder.glob("*.partial")), "the first dump writes")
            self.refused("dump", "-d", self.source, "-f", self.target, says="being written by another process", hint="wait")
        self.assertEqual(first.wait().code, DONE)
        self.pghaul("verify", "-q", self.target)

    def test_killed_dump_leaves_no_archive(self):
        """kill -9: what it leaves has another name, and the next dump takes its place."""
        with self.locked(self.source, "noise"):
            process = self.start("dump", "-q", "-d", self.source, "-f", self.target)
            wait_until(lambda: list(self.folder.glob("*.partial")), "the dump writes")
            process.kill()
            self.assertEqual(process.wait().code, -signal.SIGKILL)
        self.assertFalse(self.target.exists())
        self.pghaul("dump", "-q", "-d", self.source, "-f", self.target)
        self.assertEqual([file.name for file in self.folder.iterdir()], [self.target.name])
        self.pghaul("verify", "-q", self.target)


if __name__ == "__main__":
    main()
