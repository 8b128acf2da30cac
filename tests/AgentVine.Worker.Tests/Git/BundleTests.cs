using System.Text;
using AgentVine.Git.Bundles;
using AgentVine.Git.Mirrors;
using Xunit;

namespace AgentVine.Worker.Tests.Git;

/// <summary>Bundles come out of sandboxes: anything can be in them.</summary>
public sealed class BundleTests : IAsyncLifetime
{
    private const string Id = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const long EightGibibytes = 8L << 30;
    private const string Work = "refs/heads/vine/x";

    private readonly GitGround _ground = new();
    private Mirror _mirror = null!;
    private MirrorTip _tip = null!;

    public async ValueTask InitializeAsync()
    {
        _mirror = _ground.MirrorOf(_ground.NewRepository());
        _tip = await _mirror.FetchAsync("main", GitGround.Stop);
    }

    public ValueTask DisposeAsync()
    {
        _ground.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("", BundleFault.Malformed)]
    [InlineData("\n\n", BundleFault.Malformed)]
    [InlineData("<!doctype html>\n\n", BundleFault.Malformed)]
    [InlineData("# v1 git bundle\n", BundleFault.Malformed)]
    [InlineData("# v2 git bundle\n\nPACK", BundleFault.WrongReference)]
    [InlineData("# v4 git bundle\n@x\n" + Id + " " + Work + "\n\nPACK", BundleFault.Malformed)]
    [InlineData("# v2 git bundle\n" + Id + " " + Work + "\n\nPACK", BundleFault.Malformed)]
    [InlineData("# v2 git bundle\n" + Id + " " + Work + "\n\nPACKxxxxyyyy", BundleFault.Malformed)]
    [InlineData("# v2 git bundle\n" + Id + " " + Work + "\n", BundleFault.Malformed)]
    [InlineData("# v2 git bundle\n" + Id + "\n\nPACK", BundleFault.Malformed)]
    [InlineData("# v2 git bundle\nshort " + Work + "\n\nPACK", BundleFault.Malformed)]
    [InlineData("# v2 git bundle\n-short\n" + Id + " " + Work + "\n\nPACK", BundleFault.Malformed)]
    [InlineData("# v2 git bundle\n@object-format=sha1\n" + Id + " " + Work + "\n\nPACK", BundleFault.Malformed)]
    [InlineData("# v3 git bundle\n@object-format=sha256\n" + Id + " " + Work + "\n\nPACK", BundleFault.Malformed)]
    [InlineData("# v3 git bundle\n@filter=blob:none\n" + Id + " " + Work + "\n\nPACK", BundleFault.Malformed)]
    [InlineData("# v2 git bundle\n" + Id + " " + Work + "\n" + Id + " refs/heads/main\n\nPACK", BundleFault.WrongReference)]
    [InlineData("# v2 git bundle\n" + Id + " " + Work + "\n" + Id + " " + Work + "\n\nPACK", BundleFault.WrongReference)]
    public async Task Receive_LeavesNoFile_WhenTheHeaderIsRefused(string text, BundleFault fault)
    {
        var path = _ground.NewFile();

        var refusal = await RefusalAsync(Encoding.UTF8.GetBytes(text), path);

        Assert.Equal(fault, refusal.Fault);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("refs/heads/main")]
    [InlineData("refs/heads/vine/y")]
    [InlineData("HEAD")]
    [InlineData("refs/heads/vine/x\tx")]
    [InlineData("--upload-pack=x")]
    public async Task Receive_Refuses_WhenTheRefIsAnother(string reference)
    {
        var bundle = GoodPack().ToBundle($"# v2 git bundle\n{Id} {reference}\n\n");

        Assert.Equal(BundleFault.WrongReference, (await RefusalAsync(bundle)).Fault);
    }

    [Fact]
    public async Task Receive_Refuses_WhenTheHeaderOrThePackClaimsTooMuch()
    {
        var endless = "# v2 git bundle\n" + string.Concat(Enumerable.Repeat($"-{Id} x\n", 30_000));
        var header = $"# v2 git bundle\n{Id} {Work}\n\n";

        Assert.Equal(BundleFault.Malformed, (await RefusalAsync(Encoding.UTF8.GetBytes(endless + "\n"))).Fault);
        var claim = await RefusalAsync(GoodPack().ToBundle(header, uint.MaxValue));
        Assert.Contains("claims 4294967295 objects", claim.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_StopsReading_WhenTheSourceIsLargerThanAllowed()
    {
        var path = _ground.NewFile();
        using var endless = new EndlessStream();

        var refusal = await Assert.ThrowsAsync<BundleException>(() => Bundle.ReceiveAsync(endless, path, Work, 1_000_000, GitGround.Stop));

        Assert.Equal(BundleFault.TooLarge, refusal.Fault);
        Assert.InRange(endless.Given, 1_000_000, 1_200_000);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("# v2 git bundle\n")]
    [InlineData("# v3 git bundle\n@object-format=sha1\n")]
    public async Task Verify_Accepts_WhenEverythingIsThere(string start)
    {
        var pack = new HandmadePack();
        var commit = pack.AddCommit(pack.AddTree(("100644", "a.txt", pack.AddBlob("a"))), _tip.Commit);

        await VerifyAsync(pack.ToBundle($"{start}-{_tip.Commit} Some subject\n{commit} {Work}\n\n"));
        await VerifyAsync(pack.ToBundle($"{start}-{_tip.Commit}\n{commit} {Work}\n\n"));
        await VerifyAsync(pack.ToBundle($"{start}{commit} {Work}\n\n"));
    }

    [Fact]
    public async Task Verify_NamesThem_WhenPrerequisitesAreMissing()
    {
        var bundle = GoodPack().ToBundle($"# v2 git bundle\n-{_tip.Commit} here\n-{Id} not here\n{Id} {Work}\n\n");

        var refusal = await Assert.ThrowsAsync<BundleException>(() => VerifyAsync(bundle));

        Assert.Equal(BundleFault.MissingPrerequisites, refusal.Fault);
        Assert.Equal([Id], refusal.Missing);
    }

    [Fact]
    public async Task Verify_Refuses_WhenTheFileIsCutOrChanged()
    {
        var clone = await _ground.CloneAsync(Path.Join(_ground.Root, "source"), Guid.CreateVersion7());
        GitGround.Write(clone.Folder, "a.txt", new string('a', 1000) + Guid.NewGuid());
        var good = await _ground.TakeResultAsync(clone);
        await _mirror.VerifyAsync(good, GitGround.Stop);
        var bytes = await File.ReadAllBytesAsync(good.Path, GitGround.Stop);

        foreach (var cut in (int[])[bytes.Length - 1, bytes.Length - 25, bytes.Length - 100])
        {
            Assert.Equal(BundleFault.Damaged, (await Assert.ThrowsAsync<BundleException>(() => VerifyAsync(bytes[..cut], good.Reference))).Fault);
        }

        bytes[^40] ^= 1;
        Assert.Equal(BundleFault.Damaged, (await Assert.ThrowsAsync<BundleException>(() => VerifyAsync(bytes, good.Reference))).Fault);
        Assert.Empty(Directory.EnumerateDirectories(Path.GetDirectoryName(good.Path)!));
    }

    [Fact]
    public async Task Verify_Refuses_WhenTheRefIsNoCommitThatItBrings()
    {
        var pack = new HandmadePack();
        var blob = pack.AddBlob("a");
        pack.AddCommit(pack.AddTree(("100644", "a.txt", blob)));

        await AssertDamagedAsync(pack, blob);
        await AssertDamagedAsync(pack, Id);
    }

    [Fact]
    public async Task Verify_Refuses_WhenAnObjectIsMissing()
    {
        var noBlob = new HandmadePack();
        await AssertDamagedAsync(noBlob, noBlob.AddCommit(noBlob.AddTree(("100644", "a.txt", Id))));

        var noParent = new HandmadePack();
        await AssertDamagedAsync(noParent, noParent.AddCommit(noParent.AddTree(("100644", "a.txt", noParent.AddBlob("a"))), Id));

        var noTree = new HandmadePack();
        await AssertDamagedAsync(noTree, noTree.AddCommit(Id));
    }

    [Theory]
    [InlineData("100644", ".git")]
    [InlineData("40000", ".GIT")]
    [InlineData("100644", "git~1")]
    [InlineData("100644", "..")]
    [InlineData("100644", "a/b")]
    [InlineData("120000", ".gitmodules")]
    public async Task Verify_Refuses_WhenATreeIsATrap(string mode, string name)
    {
        var pack = new HandmadePack();
        var inner = mode == "40000" ? pack.AddTree(("100644", "config", pack.AddBlob("x"))) : pack.AddBlob("x");

        await AssertDamagedAsync(pack, pack.AddCommit(pack.AddTree((mode, name, inner))), "object ");
    }

    [Fact]
    public async Task Verify_Refuses_WhenASubmodulesAddressIsAnOption()
    {
        var pack = new HandmadePack();
        var modules = pack.AddBlob("[submodule \"x\"]\n\tpath = x\n\turl = --upload-pack=touch /tmp/canary\n");

        await AssertDamagedAsync(pack, pack.AddCommit(pack.AddTree(("100644", ".gitmodules", modules))), "gitmodulesUrl");
    }

    [Fact]
    public async Task Verify_Refuses_WhenADeltaClaimsMoreMemoryThanThereIs()
    {
        var pack = new HandmadePack();
        var commit = pack.AddCommit(pack.AddTree(("100644", "a.txt", pack.AddBlob("a"))));
        var blobStart = pack.Position;
        pack.AddBlob("the base");
        pack.AddDeltaBomb(blobStart, "the base".Length, EightGibibytes);

        await AssertDamagedAsync(pack, commit, "over limit");
    }

    [Fact]
    public async Task Verify_Refuses_WhenAnEntryClaimsMoreThanItHolds()
    {
        var pack = new HandmadePack();
        var commit = pack.AddCommit(pack.AddTree(("100644", "a.txt", pack.AddBlob("a"))));
        pack.Add(HandmadePack.Kind.Tree, "x"u8.ToArray(), claimedSize: EightGibibytes);

        await AssertDamagedAsync(pack, commit, "over limit");
    }

    [Fact]
    public async Task Receive_NeverFailsOtherwise_WhenBytesAreChangedAtRandom()
    {
        var pack = new HandmadePack();
        var commit = pack.AddCommit(pack.AddTree(("100644", "a.txt", pack.AddBlob("a"))), _tip.Commit);
        var good = pack.ToBundle($"# v3 git bundle\n@object-format=sha1\n-{_tip.Commit} Some subject\n{commit} {Work}\n\n");
        var random = new Random(20261121);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = good.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var cut = bytes[..random.Next(bytes.Length + 1)];
            try
            {
                await Bundle.ReceiveAsync(new MemoryStream(round % 2 == 0 ? bytes : cut), _ground.NewFile(), Work, 100_000, GitGround.Stop);
            }
            catch (BundleException)
            {
            }
        }
    }

    [Fact]
    public async Task Verify_DoesNotMindOldFaults_WhenTheyDoNoHarm()
    {
        var pack = new HandmadePack();
        var tree = pack.AddTree(("100644", "a.txt", pack.AddBlob("a")));
        var commit = pack.Add(
            HandmadePack.Kind.Commit,
            Encoding.UTF8.GetBytes($"tree {tree}\nauthor A <a@example.invalid> 1700000000 +051800\ncommitter A 1700000000 +0000\n\nOld\n"));

        await VerifyAsync(pack.ToBundle($"# v2 git bundle\n{commit} {Work}\n\n"));
    }

    private static HandmadePack GoodPack()
    {
        var pack = new HandmadePack();
        pack.AddCommit(pack.AddTree(("100644", "a.txt", pack.AddBlob("a"))));
        return pack;
    }

    private async Task AssertDamagedAsync(HandmadePack pack, string commit, string words = "")
    {
        var bundle = pack.ToBundle($"# v2 git bundle\n{commit} {Work}\n\n");
        var refusal = await Assert.ThrowsAsync<BundleException>(() => VerifyAsync(bundle));
        Assert.Equal(BundleFault.Damaged, refusal.Fault);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    private async Task VerifyAsync(byte[] bytes, string reference = Work)
    {
        var bundle = await Bundle.ReceiveAsync(new MemoryStream(bytes), _ground.NewFile(), reference, 1_000_000, GitGround.Stop);
        await _mirror.VerifyAsync(bundle, GitGround.Stop);
    }

    private Task<BundleException> RefusalAsync(byte[] bytes, string? path = null) => Assert.ThrowsAsync<BundleException>(
        () => Bundle.ReceiveAsync(new MemoryStream(bytes), path ?? _ground.NewFile(), Work, 100_000_000, GitGround.Stop));

    private sealed class EndlessStream : MemoryStream
    {
        public long Given { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Given += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
