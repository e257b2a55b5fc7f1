using CsCheck;
using Snakepit.Scheduling;

namespace Snakepit.Tests.Functional.Pooling;

/// <summary>Tests the queue of callers that wait for a worker.</summary>
public sealed class WaitQueueOrder
{
    [Fact]
    public void An_empty_queue_returns_no_waiter()
    {
        var queue = new WaitQueue();
        Assert.Null(queue.Dequeue());
        Assert.Equal(0, queue.Count);
        Assert.False(queue.Remove(new Waiter()));
    }

    [Theory]
    [InlineData(0)] // the first waiter in the queue
    [InlineData(1)]
    [InlineData(2)] // the last waiter in the queue
    public void Removing_any_waiter_keeps_the_order_of_the_others(int leaving)
    {
        var queue = new WaitQueue();
        var waiters = new[] { new Waiter(), new Waiter(), new Waiter() };
        Array.ForEach(waiters, queue.Enqueue);

        Assert.True(queue.Remove(waiters[leaving]));
        Assert.False(queue.Remove(waiters[leaving]));

        Assert.Equal(2, queue.Count);
        Assert.Equal(waiters.Except([waiters[leaving]]), [queue.Dequeue(), queue.Dequeue()]);
        Assert.Null(queue.Dequeue());
    }

    [Fact]
    public void A_queue_can_be_used_again_after_it_was_empty()
    {
        var queue = new WaitQueue();
        for (var round = 0; round < 3; round++)
        {
            var waiter = new Waiter();
            queue.Enqueue(waiter);
            Assert.Same(waiter, queue.Dequeue());
            Assert.False(queue.Remove(waiter));
            Assert.Equal(0, queue.Count);
        }
    }

    [Fact]
    public void The_queue_behaves_like_a_list() => Gen.Select(Gen.Int[0, 2], Gen.Int[0, 100]).Array[0, 100].Sample(steps =>
    {
        var (queue, list) = (new WaitQueue(), new List<Waiter>());
        foreach (var (step, which) in steps)
        {
            if (step == 0)
            {
                list.Add(new Waiter());
                queue.Enqueue(list[^1]);
            }
            else if (list.Count == 0)
            {
                Assert.Null(queue.Dequeue());
            }
            else if (step == 1)
            {
                Assert.Same(list[0], queue.Dequeue());
                list.RemoveAt(0);
            }
            else
            {
                Assert.True(queue.Remove(list[which % list.Count]));
                list.RemoveAt(which % list.Count);
            }

            Assert.Equal(list.Count, queue.Count);
        }
    }, iter: 1_000);
}
