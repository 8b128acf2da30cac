using AgentVine.Runtimes.Command;
using AgentVine.Worker.Accounts;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace AgentVine.Worker;

/// <summary>A worker described in a file (YAML). Every member may be left out; an unknown one is an error.</summary>
public sealed class WorkerFile
{
    /// <summary>The worker's name.</summary>
    public string? Name { get; set; }

    /// <summary>A free word for people.</summary>
    public string? Type { get; set; }

    /// <summary>How many tasks it runs at a time: its slots.</summary>
    public int? MaxConcurrentTasks { get; set; }

    /// <summary>Seconds of agent time that no attempt exceeds here.</summary>
    public int? Timeout { get; set; }

    /// <summary>How much is kept of an attempt's output, in MiB.</summary>
    public int? MaxOutputMib { get; set; }

    /// <summary>How much disk an attempt's files may take, in GiB.</summary>
    public int? MaxDiskGib { get; set; }

    /// <summary>What its agents may do, for people and routing.</summary>
    public List<string> Permissions { get; set; } = [];

    /// <summary>Tokens of context that its agents have.</summary>
    public long? ContextWindow { get; set; }

    /// <summary>What it is good at.</summary>
    public List<string> Specializations { get; set; } = [];

    /// <summary>Free labels.</summary>
    public Dictionary<string, string> Labels { get; set; } = [];

    /// <summary><c>auto</c>, <c>bubblewrap</c> or <c>none</c>.</summary>
    public string? Sandbox { get; set; }

    /// <summary><c>auto</c> (none, where agents call their model through the gateway) or <c>open</c> (the host's).</summary>
    public string? Network { get; set; }

    /// <summary>Folders that agents may read besides the system's programs.</summary>
    public List<string> ReadOnlyFolders { get; set; } = [];

    /// <summary>The programs of the runtime <c>command</c>, by name.</summary>
    public Dictionary<string, ProgramEntry> Commands { get; set; } = [];

    /// <summary>Where model calls are paid, in order of preference. The file names environment variables; it holds no keys.</summary>
    public List<AccountEntry> Accounts { get; set; } = [];

    /// <summary>Prices of models that stand over the built-in list, by the models' ids.</summary>
    public Dictionary<string, PriceEntry> Prices { get; set; } = [];

    /// <summary>Reads <paramref name="path"/>.</summary>
    /// <exception cref="FormatException">It cannot be read; the message names the file, the line and the rule.</exception>
    public static WorkerFile Read(string path)
    {
        try
        {
            var yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build();
            var file = yaml.Deserialize<WorkerFile?>(File.ReadAllText(path)) ?? new WorkerFile();
            return file.Check(path);
        }
        catch (YamlException fault)
        {
            throw new FormatException($"{path}, line {fault.Start.Line}: {(fault.InnerException ?? fault).Message}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{path} cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>The programs as the runtime takes them.</summary>
    public IReadOnlyList<CommandProgram> ToPrograms() => [.. Commands.Select(entry => new CommandProgram
    {
        Name = entry.Key,
        FileName = entry.Value.Argv[0],
        Arguments = [.. entry.Value.Argv.Skip(1)],
        Environment = entry.Value.Environment,
        ReadOnly = entry.Value.ReadOnly,
    })];

    /// <summary>The prices as the worker takes them.</summary>
    public IReadOnlyDictionary<string, ModelPrice> ToPrices() => Prices.ToDictionary(entry => entry.Key, entry => entry.Value.ToPrice());

    private WorkerFile Check(string path)
    {
        var faults = new List<string>();
        if (MaxConcurrentTasks is < 1 or > 256)
        {
            faults.Add($"max_concurrent_tasks is {MaxConcurrentTasks}; it must be 1 to 256");
        }

        if (Timeout is < 1)
        {
            faults.Add($"timeout is {Timeout}; it must be at least 1 second");
        }

        if (MaxOutputMib is < 1 or > 10_240)
        {
            faults.Add($"max_output_mib is {MaxOutputMib}; it must be 1 to 10240");
        }

        if (MaxDiskGib is < 1 or > 10_240)
        {
            faults.Add($"max_disk_gib is {MaxDiskGib}; it must be 1 to 10240");
        }

        faults.AddRange(Commands.Where(entry => entry.Value.Argv.Count == 0).Select(entry => $"commands.{entry.Key}.argv is empty; name the program and its arguments"));
        faults.AddRange(Accounts.SelectMany((account, index) => account.Faults($"accounts[{index}]")));
        faults.AddRange(Accounts.GroupBy(account => account.Name).Where(same => same.Count() > 1).Select(same => $"two accounts are named '{same.Key}'"));
        faults.AddRange(Prices.SelectMany(entry => entry.Value.Faults($"prices.{entry.Key}")));
        return faults.Count == 0 ? this : throw new FormatException($"{path}: {string.Join("; ", faults)}.");
    }

    /// <summary>One program of the runtime <c>command</c>.</summary>
    public sealed class ProgramEntry
    {
        /// <summary>The program and its arguments; never through a shell.</summary>
        public List<string> Argv { get; set; } = [];

        /// <summary>Added to the clean environment.</summary>
        public Dictionary<string, string> Environment { get; set; } = [];

        /// <summary>Folders that it needs to read beyond the system's programs.</summary>
        public List<string> ReadOnly { get; set; } = [];
    }

    /// <summary>An account that pays model calls.</summary>
    public sealed class AccountEntry
    {
        /// <summary>One name is one account, on whatever worker.</summary>
        public string? Name { get; set; }

        /// <summary>The environment variable that holds its API key.</summary>
        public string? ApiKeyEnv { get; set; }

        /// <summary>The environment variable that holds its bearer token.</summary>
        public string? AuthTokenEnv { get; set; }

        /// <summary>The environment variable that holds the token of its subscription login.</summary>
        public string? OauthTokenEnv { get; set; }

        /// <summary>The provider's address; its own when absent.</summary>
        public string? BaseUrl { get; set; }

        internal IEnumerable<string> Faults(string place)
        {
            if (Name is not { Length: > 0 and <= 64 } || Name.Any(char.IsControl))
            {
                yield return $"{place}.name is '{Name}'; it must be one line of 1 to 64 characters";
            }

            if (new[] { ApiKeyEnv, AuthTokenEnv, OauthTokenEnv }.Count(variable => !string.IsNullOrEmpty(variable)) != 1)
            {
                yield return $"{place} must name one environment variable that holds its secret: api_key_env, auth_token_env or oauth_token_env";
            }

            if (BaseUrl is not null && !(Uri.TryCreate(BaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            {
                yield return $"{place}.base_url is '{BaseUrl}'; it must be an absolute http or https URL";
            }
        }
    }

    /// <summary>What a model costs, in US dollars for a million tokens.</summary>
    public sealed class PriceEntry
    {
        /// <summary>Tokens read anew.</summary>
        public decimal? Input { get; set; }

        /// <summary>Tokens written.</summary>
        public decimal? Output { get; set; }

        /// <summary>Tokens read anew and cached; a quarter more than the input when absent.</summary>
        public decimal? CacheWrite { get; set; }

        /// <summary>Tokens read from the cache; a tenth of the input when absent.</summary>
        public decimal? CacheRead { get; set; }

        internal ModelPrice ToPrice() => new(Input!.Value, Output!.Value, CacheWrite ?? Input.Value * 1.25m, CacheRead ?? Input.Value / 10);

        internal IEnumerable<string> Faults(string place)
        {
            if (Input is null || Output is null || new[] { Input, Output, CacheWrite, CacheRead }.Any(price => price is < 0 or > 100_000))
            {
                yield return $"{place} needs input and output, and prices from 0 to 100000 dollars for a million tokens";
            }
        }
    }
}
