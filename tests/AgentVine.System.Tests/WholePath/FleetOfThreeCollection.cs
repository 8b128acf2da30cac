using Xunit;

namespace AgentVine.System.Tests.WholePath;

[CollectionDefinition(nameof(FleetOfThree))]
public sealed class FleetOfThreeCollection : ICollectionFixture<FleetOfThree>;
