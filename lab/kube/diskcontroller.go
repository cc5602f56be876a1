package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
)

const provisionedBy = "pv.kubernetes.io/provisioned-by"

// smallest is the least that mkfs.xfs takes; a smaller claim gets this much, as
// the disks of a cloud have a minimal size too.
var smallest = resource.MustParse("300Mi")

// diskController makes, grows, attaches and deletes the volumes of the lab's
// storage driver. It looks at everything whenever anything changes, which is
// fast enough for a lab.
type diskController struct {
	client  kubernetes.Interface
	dir     string
	factory informers.SharedInformerFactory
}

func newDiskControllerCommand() *cobra.Command {
	var dir, kubeconfig string
	cmd := &cobra.Command{
		Use:          "disk-controller",
		SilenceUsage: true,
		RunE: func(*cobra.Command, []string) error {
			client, err := newClient(kubeconfig)
			if err != nil {
				return err
			}
			c := &diskController{client: client, dir: dir, factory: informers.NewSharedInformerFactory(client, 0)}
			return c.run(genericapiserver.SetupSignalContext())
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "where the volumes' files lie")
	cmd.Flags().StringVar(&kubeconfig, "kubeconfig", "", "kubeconfig")
	return cmd
}

func (c *diskController) run(ctx context.Context) error {
	changed, poke := poker()
	if err := watch(ctx, c.factory, poke,
		c.factory.Core().V1().PersistentVolumeClaims().Informer(),
		c.factory.Core().V1().PersistentVolumes().Informer(),
		c.factory.Storage().V1().StorageClasses().Informer(),
		c.factory.Storage().V1().VolumeAttachments().Informer(),
	); err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
		if !c.sync(ctx) {
			time.AfterFunc(time.Second, poke)
		}
	}
}

// sync brings every volume to what is asked for; false asks to try again.
func (c *diskController) sync(ctx context.Context) bool {
	ok := true
	step := func(what string, err error) {
		if err != nil && !apierrors.IsConflict(err) && !apierrors.IsAlreadyExists(err) && !apierrors.IsNotFound(err) {
			ok = false
			fmt.Fprintln(os.Stderr, time.Now().Format(time.TimeOnly), what+":", err)
		}
	}
	claims, _ := c.factory.Core().V1().PersistentVolumeClaims().Lister().List(labels.Everything())
	volumes, _ := c.factory.Core().V1().PersistentVolumes().Lister().List(labels.Everything())
	attachments, _ := c.factory.Storage().V1().VolumeAttachments().Lister().List(labels.Everything())
	byName := map[string]*corev1.PersistentVolume{}
	for _, v := range volumes {
		byName[v.Name] = v
		if v.Spec.CSI == nil || v.Spec.CSI.Driver != driverName {
			continue
		}
		if v.Status.Phase == corev1.VolumeReleased && v.Spec.PersistentVolumeReclaimPolicy == corev1.PersistentVolumeReclaimDelete && v.DeletionTimestamp == nil {
			step("delete "+v.Name, c.delete(ctx, v, attachments))
		}
	}
	for _, p := range claims {
		if p.DeletionTimestamp != nil || p.Spec.StorageClassName == nil {
			continue
		}
		class, err := c.factory.Storage().V1().StorageClasses().Lister().Get(*p.Spec.StorageClassName)
		if err != nil || class.Provisioner != driverName {
			continue
		}
		if p.Spec.VolumeName == "" {
			step("provision "+p.Name, c.provision(ctx, p, class))
		} else if v := byName[p.Spec.VolumeName]; v != nil && p.Status.Phase == corev1.ClaimBound {
			step("expand "+p.Name, c.expand(ctx, p, v))
		}
	}
	for _, a := range attachments {
		if a.Spec.Attacher == driverName && !a.Status.Attached && a.DeletionTimestamp == nil {
			a = a.DeepCopy()
			a.Status.Attached = true
			_, err := c.client.StorageV1().VolumeAttachments().UpdateStatus(ctx, a, metav1.UpdateOptions{})
			step("attach "+a.Name, err)
		}
	}
	return ok
}

func (c *diskController) provision(ctx context.Context, p *corev1.PersistentVolumeClaim, class *storagev1.StorageClass) error {
	node := p.Annotations["volume.kubernetes.io/selected-node"]
	if class.VolumeBindingMode != nil && *class.VolumeBindingMode == storagev1.VolumeBindingWaitForFirstConsumer && node == "" {
		return nil
	}
	size := p.Spec.Resources.Requests[corev1.ResourceStorage]
	if size.Cmp(smallest) < 0 {
		size = smallest
	}
	name := "pvc-" + string(p.UID)
	f, err := os.OpenFile(diskFile(c.dir, name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Truncate(size.Value()); err != nil {
		return err
	}
	v := &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: map[string]string{provisionedBy: driverName}},
		Spec: corev1.PersistentVolumeSpec{
			Capacity:         corev1.ResourceList{corev1.ResourceStorage: size},
			AccessModes:      p.Spec.AccessModes,
			StorageClassName: class.Name,
			MountOptions:     class.MountOptions,
			VolumeMode:       p.Spec.VolumeMode,
			ClaimRef: &corev1.ObjectReference{APIVersion: "v1", Kind: "PersistentVolumeClaim",
				Namespace: p.Namespace, Name: p.Name, UID: p.UID, ResourceVersion: p.ResourceVersion},
			PersistentVolumeSource: corev1.PersistentVolumeSource{
				CSI: &corev1.CSIPersistentVolumeSource{Driver: driverName, VolumeHandle: name, FSType: "xfs"}},
		},
	}
	if class.ReclaimPolicy != nil {
		v.Spec.PersistentVolumeReclaimPolicy = *class.ReclaimPolicy
	}
	if class.Parameters["local"] == "true" && node != "" {
		v.Spec.NodeAffinity = &corev1.VolumeNodeAffinity{Required: &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{{
			MatchExpressions: []corev1.NodeSelectorRequirement{{Key: corev1.LabelHostname, Operator: corev1.NodeSelectorOpIn, Values: []string{node}}}}}}}
	}
	_, err = c.client.CoreV1().PersistentVolumes().Create(ctx, v, metav1.CreateOptions{})
	return err
}

// expand grows the file and the PersistentVolume and leaves the rest, growing
// the file system while it is mounted, to the kubelet.
func (c *diskController) expand(ctx context.Context, p *corev1.PersistentVolumeClaim, v *corev1.PersistentVolume) error {
	want := p.Spec.Resources.Requests[corev1.ResourceStorage]
	if have := p.Status.Capacity[corev1.ResourceStorage]; want.Cmp(have) <= 0 {
		return nil
	}
	if have := v.Spec.Capacity[corev1.ResourceStorage]; want.Cmp(have) > 0 {
		if err := os.Truncate(diskFile(c.dir, v.Spec.CSI.VolumeHandle), want.Value()); err != nil {
			return err
		}
		v = v.DeepCopy()
		v.Spec.Capacity[corev1.ResourceStorage] = want
		if _, err := c.client.CoreV1().PersistentVolumes().Update(ctx, v, metav1.UpdateOptions{}); err != nil {
			return err
		}
	}
	for _, s := range p.Status.Conditions {
		if s.Type == corev1.PersistentVolumeClaimFileSystemResizePending {
			return nil
		}
	}
	p = p.DeepCopy()
	p.Status.Conditions = append(p.Status.Conditions, corev1.PersistentVolumeClaimCondition{
		Type: corev1.PersistentVolumeClaimFileSystemResizePending, Status: corev1.ConditionTrue, LastTransitionTime: metav1.Now(),
		Message: "Waiting for user to (re-)start a pod to finish file system resize of volume on node."})
	if p.Status.AllocatedResources == nil {
		p.Status.AllocatedResources = corev1.ResourceList{}
	}
	p.Status.AllocatedResources[corev1.ResourceStorage] = want
	if p.Status.AllocatedResourceStatuses == nil {
		p.Status.AllocatedResourceStatuses = map[corev1.ResourceName]corev1.ClaimResourceStatus{}
	}
	p.Status.AllocatedResourceStatuses[corev1.ResourceStorage] = corev1.PersistentVolumeClaimNodeResizePending
	_, err := c.client.CoreV1().PersistentVolumeClaims(p.Namespace).UpdateStatus(ctx, p, metav1.UpdateOptions{})
	return err
}

func (c *diskController) delete(ctx context.Context, v *corev1.PersistentVolume, attachments []*storagev1.VolumeAttachment) error {
	for _, a := range attachments {
		if n := a.Spec.Source.PersistentVolumeName; n != nil && *n == v.Name {
			return nil // still attached: its end will call again
		}
	}
	if err := os.Remove(diskFile(c.dir, v.Spec.CSI.VolumeHandle)); err != nil && !os.IsNotExist(err) {
		return err
	}
	return c.client.CoreV1().PersistentVolumes().Delete(ctx, v.Name, metav1.DeleteOptions{})
}
