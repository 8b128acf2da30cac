namespace AgentVine.Git.Bundles;

/// <summary>In what way a bundle is not acceptable.</summary>
public enum BundleFault
{
    /// <summary>It is no bundle, or one of a form that is not taken.</summary>
    Malformed,

    /// <summary>It is larger than allowed.</summary>
    TooLarge,

    /// <summary>It brings other refs than the one that is expected, or that one at another commit.</summary>
    WrongReference,

    /// <summary>It builds on commits that the repository lacks: <see cref="BundleException.Missing"/>.</summary>
    MissingPrerequisites,

    /// <summary>What it holds is incomplete, or not what git takes for well-formed.</summary>
    Damaged,
}
