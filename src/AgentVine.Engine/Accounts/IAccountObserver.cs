namespace AgentVine.Engine.Accounts;

/// <summary>Filled by slices that wait for accounts.</summary>
internal interface IAccountObserver
{
    /// <summary>An account takes work that did not before. Told after the commit; must not block or throw.</summary>
    void OnOpened();
}
